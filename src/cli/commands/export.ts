import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Day } from '../../domain/day.ts';
import { dayColumnOf, type ExportFormat, exportFormats, exportTable } from '../../query/export-table.ts';
import { readableTables } from '../../query/with-tables.ts';
import { rangeOf } from '../options.ts';
import { countOf, printJson, printLine } from '../output.ts';
import { openCache, withSession } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** Options of `questline export`. */
export interface ExportOptions {
  readonly from?: Day;
  readonly to?: Day;
  readonly asOf?: string;
  readonly format: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `questline export TABLE`: a table of the current snapshot, or of an earlier one, into a local file. */
export async function runExport(name: string, options: ExportOptions): Promise<void> {
  const { from, to } = options;
  const table = readableTables.find((one) => one === name);
  if (table === undefined)
    throw new UsageError(
      `${JSON.stringify(name)} is no table; expected one of ${readableTables.join(', ')}.`,
    );
  const format = exportFormats.find((one) => one === options.format);
  if (format === undefined)
    throw new UsageError(
      `--format is ${JSON.stringify(options.format)}; expected one of ${exportFormats.join(', ')}.`,
    );
  if (from !== undefined && to !== undefined) rangeOf(from, to);
  if ((from ?? to) !== undefined && dayColumnOf(table) === null)
    throw new UsageError(`${table} has no row a day: leave --from and --to out.`);
  const out = options.out ?? `${table}.${format satisfies ExportFormat}`;
  if (options.force !== true && (await isThere(out)))
    throw new UsageError(`${out} is there already. Give another --out, or --force to replace it.`);
  const folder = dirname(resolve(out));
  if (!(await isThere(folder)))
    throw new UsageError(`The folder ${folder} is not there. Make it, or give another --out.`);
  await withSession(async ({ config, store }) => {
    const bucket = await store();
    const request = { table, range: { from, to }, format, asOf: options.asOf };
    const rows = await exportTable(bucket, openCache(config, bucket), request, out);
    if (options.json === true) printJson({ table, rows, format, out: resolve(out) });
    else printLine(`${out}: ${countOf(rows, 'row')} of ${table}.`);
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
