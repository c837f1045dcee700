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

/** An in-memory DuckDB whose time zone is UTC. */
export interface DuckDb {
  readonly connection: DuckDBConnection;
  /** A further connection, for what runs beside a query. */
  connectAgain(): Promise<DuckDBConnection>;
  /** Runs `use` with a connection of its own, which is closed whatever happens. */
  withConnection<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  close(): void;
}

/** Opens a DuckDB of one's own, which has to be closed. */
export async function openDuckDb(limits: DuckDbLimits): Promise<DuckDb> {
  const instance = await createInstance(limits);
  return connectTo(instance, () => instance.closeSync());
}

/** Makes an in-memory DuckDB whose connections have UTC as their time zone. */
export async function createInstance(limits: DuckDbLimits): Promise<DuckDBInstance> {
  const settings: Record<string, string> = {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (limits.tempFolder !== undefined) settings['temp_directory'] = limits.tempFolder;
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  return instance;
}

/** Connects to a DuckDB; to close it closes its connections, and then does what `end` does. */
export async function connectTo(instance: DuckDBInstance, end: () => void): Promise<DuckDb> {
  const connections = new Set<DuckDBConnection>();
  const connectAgain = async () => {
    const connection = await instance.connect();
    connections.add(connection);
    return connection;
  };
  const withConnection = async <T>(use: (connection: DuckDBConnection) => Promise<T>) => {
    const connection = await connectAgain();
    try {
      return await use(connection);
    } finally {
      connections.delete(connection);
      connection.closeSync();
    }
  };
  const close = () => {
    for (const connection of connections) connection.closeSync();
    end();
  };
  return { connection: await connectAgain(), connectAgain, withConnection, close };
}

/** Runs `use` with a DuckDB, and closes it whatever happens. */
export async function withDuckDb<T>(
  limits: DuckDbLimits,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const duckDb = await openDuckDb(limits);
  try {
    return await use(duckDb.connection);
  } finally {
    duckDb.close();
  }
}

/** All rows of a query as objects of JSON values; `values` are those of its parameters, `$name`. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values?: Readonly<Record<string, string | number>>,
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRowObjectsJson();
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Parquet files of the same columns as one source of rows, in their order. */
export function parquetSource(files: readonly string[]): string {
  return `read_parquet([${files.map(quote).join(', ')}], hive_partitioning = false)`;
}

/** Writes a query's rows as a zstd Parquet file with key-value metadata, in their order; how many there are. */
export async function copyToParquet(
  connection: DuckDBConnection,
  sql: string,
  file: string,
  metadata: Readonly<Record<string, string>>,
): Promise<number> {
  const pairs = Object.entries(metadata).map(([key, value]) => `${quote(key)}: ${quote(value)}`);
  const noted = pairs.length === 0 ? '' : `, KV_METADATA {${pairs.join(', ')}}`;
  const [copied] = await readRows(
    connection,
    `COPY (${sql}) TO ${quote(file)} (FORMAT parquet, COMPRESSION zstd${noted})`,
  );
  return Number(copied?.['Count']);
}
