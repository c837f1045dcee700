import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type QueryResult, queryTables } from '../../query/query-tables.ts';
import { printJson, printTable, say } from '../output.ts';
import { openCache, withSession } from '../session.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

const formats = ['table', 'csv', 'json'] as const;
const MOST_SHOWN = 500;

/** `questline query "SQL"`, or `--file`: over the published tables of the current snapshot, or an earlier one. */
export async function runQuery(
  given: string | undefined,
  options: {
    readonly file?: string;
    readonly asOf?: string;
    readonly format: string;
    readonly json?: boolean;
  },
): Promise<void> {
  const format = options.json === true ? 'json' : options.format;
  if (!(formats as readonly string[]).includes(format)) {
    throw new UsageError(`--format is "${format}"; expected one of ${formats.join(', ')}.`);
  }
  const sql = await readSql(given, options.file);
  await withSession(async ({ config, store }) => {
    const bucket = await store();
    const cache = openCache(config, bucket);
    const folder = await mkdtemp(join(tmpdir(), 'questline-query-'));
    try {
      const csv = format === 'csv' ? join(folder, 'result.csv') : null;
      const result = await queryTables(bucket, cache, sql, csv, options.asOf);
      if (csv !== null) process.stdout.write(await readFile(csv));
      else print(result, format);
    } catch (error) {
      if (error instanceof Error && error.name === 'QueryError') throw new CommandFailed(error.message);
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function readSql(given: string | undefined, file: string | undefined): Promise<string> {
  if ((given === undefined) === (file === undefined)) {
    const both = given === undefined ? 'neither SQL nor --file is' : 'both SQL and --file are';
    throw new UsageError(
      `${both} given. Ask with one of them, such as questline query --file sql/daily_metrics.sql.`,
    );
  }
  if (file === undefined) return given ?? '';
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new UsageError(`--file is ${JSON.stringify(file)}; ${why}.`);
  });
}

function print({ columns, rows }: QueryResult, format: string): void {
  if (format === 'json')
    return printJson(rows.map((row) => Object.fromEntries(columns.map(({ name }, n) => [name, row[n]]))));
  printTable(
    columns.map(({ name, numeric }, n) => ({
      head: name,
      align: numeric ? ('right' as const) : ('left' as const),
      value: (row: readonly unknown[]) => show(row[n]),
    })),
    rows.slice(0, MOST_SHOWN),
  );
  if (rows.length > MOST_SHOWN)
    say(`${rows.length - MOST_SHOWN} more rows; --format csv or json prints all.`);
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' && !Number.isInteger(value)) {
    return String(Number(Math.abs(value) < 1 ? value.toPrecision(6) : value.toFixed(6)));
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
