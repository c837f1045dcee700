import { canonicalJson } from '../domain/canonical-json.ts';
import type { Day } from '../domain/day.ts';
import { quote, readRows, withDuckDb } from '../engine/duckdb.ts';
import { readMonth } from '../storage/catalog.ts';
import type { MonthDocument, Snapshot } from '../storage/catalog-format.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** The days of which two snapshots say different things, in calendar order. */
export interface ChangedDays {
  readonly arrivals: readonly Day[];
  readonly eventDays: readonly Day[];
}

/** A value of `daily_metrics` that two snapshots differ in, as text; null where it is null or the date is not there. */
export interface MovedMetric {
  readonly date: string;
  readonly metric: string;
  readonly before: string | null;
  readonly after: string | null;
}

const LIMITS = { threads: 1, memoryMb: 512 };

/** Compares what two snapshots say of each day; only the months that differ are read. `before` null: there was nothing. */
export async function compareDays(
  store: ObjectStore,
  before: Snapshot | null,
  after: Snapshot,
): Promise<ChangedDays> {
  const months = [...new Set([...Object.keys(before?.months ?? {}), ...Object.keys(after.months)])].sort();
  const changed = { arrivals: [] as Day[], eventDays: [] as Day[] };
  for (const month of months) {
    const [old, fresh] = [before?.months[month], after.months[month]];
    if (old?.sha256 === fresh?.sha256) continue;
    const read = (ref: Snapshot['months'][string] | undefined): Promise<MonthDocument> =>
      ref === undefined ? Promise.resolve({ arrivals: {}, eventDays: {} }) : readMonth(store, ref);
    const [a, b] = await Promise.all([read(old), read(fresh)]);
    changed.arrivals.push(...listDifferent(a.arrivals, b.arrivals));
    changed.eventDays.push(...listDifferent(a.eventDays, b.eventDays));
  }
  return changed;
}

function listDifferent(a: Readonly<Record<Day, unknown>>, b: Readonly<Record<Day, unknown>>): Day[] {
  const days = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort() as Day[];
  return days.filter((day) => canonicalJson(a[day] ?? null) !== canonicalJson(b[day] ?? null));
}

/** Compares `daily_metrics` of two snapshots, by date and then column. */
export async function compareMetrics(
  cache: ObjectCache,
  before: Snapshot,
  after: Snapshot,
): Promise<MovedMetric[]> {
  const files = [before, after].map(({ tables }) => tables.daily_metrics);
  if (files[0]?.sha256 === files[1]?.sha256) return [];
  const paths = await Promise.all(files.map((ref) => cache.fetch(ref)));
  return withDuckDb(LIMITS, async (connection) => {
    const described: Set<string>[] = [];
    for (const [n, path] of paths.entries()) {
      const name = n === 0 ? 'a' : 'b';
      await connection.run(`CREATE VIEW ${name} AS FROM read_parquet(${quote(path)})`);
      const rows = await readRows(connection, `DESCRIBE ${name}`);
      described.push(new Set(rows.map((row) => String(row['column_name']))));
    }
    const metrics = [...(described[0] ?? [])].filter((name) => name !== 'date' && described[1]?.has(name));
    const selects = metrics.map(
      (name, n) => `SELECT coalesce(a.date, b.date)::VARCHAR AS date, ${n} AS n, ${quote(name)} AS metric,
        a."${name}"::VARCHAR AS before, b."${name}"::VARCHAR AS after
        FROM a FULL JOIN b ON a.date = b.date WHERE a."${name}" IS DISTINCT FROM b."${name}"`,
    );
    const sql = `SELECT date, metric, before, after FROM (${selects.join(' UNION ALL ')}) ORDER BY date, n`;
    return (await readRows(connection, sql)) as unknown as MovedMetric[];
  });
}
