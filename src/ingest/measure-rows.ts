import type { DuckDBConnection } from '@duckdb/node-api';
import type { Day } from '../domain/day.ts';
import type { RowsByEventDay } from '../domain/ledger.ts';
import type { ArrivalMeasures } from '../domain/measures.ts';
import { parquetSource, quote, type Row, readRows } from '../engine/duckdb.ts';
import { acceptedColumns } from './accepted-rows.ts';

/** What is measured of the accepted rows themselves. */
export interface RowMeasures
  extends Pick<
    ArrivalMeasures,
    | 'exactDuplicates'
    | 'conflictingDuplicates'
    | 'idsOnSeveralDays'
    | 'late'
    | 'purchases'
    | 'outliers'
    | 'otherCurrencies'
  > {
  readonly acceptedByEventDay: RowsByEventDay;
}

/** What the measuring needs to know beside the rows. */
export interface MeasureRules {
  readonly day: Day;
  readonly baseCurrency: string;
  /** Decimal as text or number, in the base currency. */
  readonly outlierAmount: number | string;
}

/** Measures the accepted rows of some Parquet files, on two connections at once. */
export async function measureRows(
  connection: DuckDBConnection,
  other: DuckDBConnection,
  files: readonly string[],
  rules: MeasureRules,
): Promise<RowMeasures> {
  const rows = parquetSource(files);
  const [ofDays, duplicates] = await Promise.all([
    countByDay(connection, rows, rules),
    countDuplicates(other, rows),
  ]);
  return { ...ofDays, ...duplicates };
}

async function countByDay(
  connection: DuckDBConnection,
  rows: string,
  { day, baseCurrency, outlierAmount }: MeasureRules,
): Promise<Pick<RowMeasures, 'acceptedByEventDay' | 'late' | 'purchases' | 'outliers' | 'otherCurrencies'>> {
  const base = quote(baseCurrency);
  const purchase = `event_type = 'purchase' AND coalesce(currency, ${base}) = ${base}`;
  const days = await readRows(
    connection,
    `SELECT event_day::VARCHAR AS day, count(*) AS rows, count(*) FILTER (${purchase}) AS purchases,
      count(*) FILTER (${purchase} AND amount > ${quote(String(outlierAmount))}::DECIMAL(38, 10)) AS outliers,
      histogram(CASE WHEN regexp_full_match(currency, '[A-Z]{3}') THEN currency ELSE 'other' END)
        FILTER (event_type = 'purchase' AND currency <> ${base}) AS others
    FROM ${rows} GROUP BY 1 ORDER BY 1`,
  );
  const total = (name: string, some: readonly Row[] = days) =>
    some.reduce((sum, row) => sum + Number(row[name]), 0);
  return {
    acceptedByEventDay: Object.fromEntries(days.map((row) => [String(row['day']), Number(row['rows'])])),
    late: total(
      'rows',
      days.filter((row) => String(row['day']) < day),
    ),
    purchases: total('purchases'),
    outliers: total('outliers'),
    otherCurrencies: countOthers(days),
  };
}

function countOthers(days: readonly Row[]): ArrivalMeasures['otherCurrencies'] {
  const counts: Record<string, Record<string, number>> = {};
  for (const row of days) {
    const others = (row['others'] ?? []) as { readonly key: string; readonly value: string }[];
    for (const { key, value } of others) {
      counts[key] ??= {};
      counts[key][String(row['day'])] = Number(value);
    }
  }
  return counts;
}

/** Ids are compared by their hash first, which fits where 20 million of them don't; what shares one is looked at in full. */
async function countDuplicates(
  connection: DuckDBConnection,
  rows: string,
): Promise<Pick<ArrivalMeasures, 'exactDuplicates' | 'conflictingDuplicates' | 'idsOnSeveralDays'>> {
  const columns = acceptedColumns.map((name) => `"${name}"`).join(', ');
  const [found] = await readRows(
    connection,
    `WITH shared AS (
      SELECT ${columns} FROM ${rows}
      WHERE hash(event_id) IN (SELECT hash(event_id) FROM ${rows} GROUP BY 1 HAVING count(*) > 1)
    ), variants AS (
      SELECT event_id, event_day, count(*) AS rows FROM shared GROUP BY ${columns}
    ), days AS (
      SELECT event_id, event_day, sum(rows) AS rows, count(*) AS variants FROM variants GROUP BY 1, 2
    ), ids AS (
      SELECT sum(rows) AS rows, sum(variants) AS variants, count(*) AS days FROM days GROUP BY event_id
    )
    SELECT coalesce(sum(rows - variants), 0)::DOUBLE AS exact, coalesce(sum(variants - days), 0)::DOUBLE AS conflicting,
      count(*) FILTER (days > 1)::DOUBLE AS several
    FROM ids`,
  );
  const { exact, conflicting, several } = found ?? {};
  return {
    exactDuplicates: Number(exact),
    conflictingDuplicates: Number(conflicting),
    idsOnSeveralDays: Number(several),
  };
}
