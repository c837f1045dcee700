import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** How much of the machine one DuckDB takes, and where it puts what does not fit into memory. */
export interface DuckDbLimits {
  readonly threads: number;
  readonly memoryMb: number;
  /** Folder for what spills; without it nothing spills. */
  readonly tempFolder?: string;
}

/** One value of a result row: BIGINT and DECIMAL arrive as text when a query does not cast them. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Runs `use` with an in-memory DuckDB whose time zone is UTC, and closes it whatever happens. `connectAgain` gives a further connection
 * to it, for what runs beside a query.
 */
export async function withDuckDb<T>(
  limits: DuckDbLimits,
  use: (connection: DuckDBConnection, connectAgain: () => Promise<DuckDBConnection>) => Promise<T>,
): Promise<T> {
  const settings: Record<string, string> = {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (limits.tempFolder !== undefined) settings['temp_directory'] = limits.tempFolder;
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connections: DuckDBConnection[] = [];
  const connect = async () => {
    const connection = await instance.connect();
    connections.push(connection);
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  };
  try {
    return await use(await connect(), connect);
  } finally {
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  }
}

/** All rows of a query as objects of JSON values. */
export async function readRows(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
