import type { DuckDBConnection } from '@duckdb/node-api';
import { quote, readRows } from '../engine/duckdb.ts';
import { mapAtOnce } from '../storage/at-once.ts';
import type { AuditedObject, CandidateObjects } from './candidate.ts';
import type { Dependencies } from './dependencies.ts';
import { describeSize, type ReadBack, readBack } from './read-back.ts';

const REQUESTS_AT_ONCE = 16;

/**
 * Checks the objects that a snapshot would name. Those that the base does not name are read back from the store, but for those that were
 * already: size and hash of the bytes, rows, columns and their types. Of the others, those that the run rests on have to be
 * there in the right size. Answers with what is wrong.
 */
export async function auditObjects(
  { store, cache }: Pick<Dependencies, 'store' | 'cache'>,
  connection: DuckDBConnection,
  { fresh, known }: CandidateObjects,
  already: ReadBack,
): Promise<string[]> {
  const rest = await readBack(
    cache,
    fresh.filter(({ ref }) => !already.files.has(ref.key)),
  );
  const files = new Map([...already.files, ...rest.files]);
  const faults: string[] = [];
  await mapAtOnce(known, REQUESTS_AT_ONCE, async ({ name, ref }) => {
    const found = await store.head(ref.key);
    const fault = found === null ? `${ref.key} is not there` : describeSize(ref, found.bytes);
    if (fault !== null) faults.push(`${name}: ${fault}`);
  });
  const whole = fresh.filter(({ ref }) => files.has(ref.key));
  const wrong = await auditFooters(
    connection,
    new Map(whole.map((object) => [object, files.get(object.ref.key) ?? ''])),
  );
  return [...rest.faults, ...faults.sort(), ...wrong];
}

async function auditFooters(
  connection: DuckDBConnection,
  files: ReadonlyMap<AuditedObject, string>,
): Promise<string[]> {
  if (files.size === 0) return [];
  const list = `[${[...new Set(files.values())].map(quote).join(', ')}]`;
  const counted = await readRows(
    connection,
    `SELECT file_name, num_rows::DOUBLE AS rows FROM parquet_file_metadata(${list})`,
  );
  const rows = new Map(counted.map((row) => [row['file_name'], Number(row['rows'])]));
  const described = await readRows(
    connection,
    `SELECT file_name, list(name || ' ' || duckdb_type ORDER BY column_id) AS columns FROM parquet_schema(${list})
      WHERE duckdb_type IS NOT NULL GROUP BY file_name`,
  );
  const columns = new Map(described.map((row) => [row['file_name'], row['columns'] as readonly string[]]));
  return [...files].flatMap(([{ name, ref, columns: types }, file]) => {
    const found = rows.get(file);
    const wanted = Object.entries(types).map(([column, type]) => `${column} ${type}`);
    return [
      ...(found === ref.rows ? [] : [`${name}: ${ref.key} has ${found} rows, ${ref.rows} expected`]),
      ...compareColumns(name, columns.get(file) ?? [], wanted),
    ];
  });
}

function compareColumns(name: string, found: readonly string[], wanted: readonly string[]): string[] {
  const at = wanted.findIndex((column, n) => column !== found[n]);
  if (at >= 0) return [`${name}: column ${at + 1} is ${found[at] ?? 'not there'}, ${wanted[at]} expected`];
  return found.length === wanted.length
    ? []
    : [`${name}: column ${found[wanted.length]} is not of the table`];
}
