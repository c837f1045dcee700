import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeOwnTables, writeSessions } from '../activities/aggregate.ts';
import { fetchPieces, writeEvents } from '../activities/clean.ts';
import { type Dependencies, withScratch } from '../activities/dependencies.ts';
import { arrivalIdentity, openInputs } from '../activities/inputs.ts';
import { recipeOfReading, rulesOfReading } from '../activities/read-inputs.ts';
import { currencyRatesOf, rulesOfEventDay } from '../activities/rules.ts';
import { shardsFor } from '../activities/shards.ts';
import { recipeOfWholeTables, writeWholeFiles } from '../activities/whole-tables.ts';
import { hashConfig } from '../config/table-config.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { ratesOn } from '../domain/currency-rate.ts';
import { addDays, type Day } from '../domain/day.ts';
import { sum } from '../domain/ledger.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { wholeTables } from '../domain/tables.ts';
import { readArrival } from '../ingest/read-arrival.ts';
import type { CatalogState } from '../storage/catalog.ts';
import type { ArrivalEntry, EventDayEntry } from '../storage/catalog-format.ts';
import { nameOfOutput } from '../storage/made.ts';
import { readReplays } from '../storage/replays.ts';
import { sha256OfFile } from '../storage/sha256.ts';

/** What recomputing works with: nothing of it writes into the bucket. */
export type Recomputing = Pick<Dependencies, 'config' | 'store' | 'cache' | 'duckDb' | 'scratchRoot'>;

/** What came out otherwise than it is published, and what could not be compared, each in one line. */
export interface Recomputed {
  readonly faults: string[];
  readonly skipped: string[];
}

/** Reads an arrival's pinned raw versions once more, and compares ledger, accepted rows and quarantine with the published ones. */
export async function recomputeArrival(
  deps: Recomputing,
  day: Day,
  entry: ArrivalEntry,
  { faults, skipped }: Recomputed,
): Promise<void> {
  const { config, store } = deps;
  const all = await readReplays(store, day, entry.inputs);
  const replays = all.filter(({ key }) => entry.replays.includes(key));
  const name = nameOfOutput(
    recipeOfReading(config, day, arrivalIdentity({ objects: entry.inputs, replays })),
  );
  if (basename(entry.quarantine.key, '.parquet') !== name) {
    const why = entry.configHash === hashConfig(config) ? 'version of the code' : 'configuration';
    skipped.push(`arrival ${day} was read by another ${why}: its rows were not read again`);
    return;
  }
  await withScratch(deps.scratchRoot, async (scratch) => {
    const objects = openInputs(store, entry.inputs, replays);
    const read = await readArrival(objects, rulesOfReading(config, day), scratch, deps.duckDb);
    if (canonicalJson(read.ledger) !== canonicalJson(entry.ledger))
      faults.push(
        `arrival ${day}: its ledger is ${canonicalJson(read.ledger)} when read again, ${canonicalJson(entry.ledger)} published`,
      );
    const parts = Math.max(read.acceptedParts.length, entry.accepted.length);
    for (let n = 0; n < parts; n += 1) {
      const what = `accepted rows of arrival ${day}, part ${n + 1}`;
      await compare(what, read.acceptedParts[n]?.file, entry.accepted[n], faults);
    }
    await compare(`quarantine of arrival ${day}`, read.quarantineFile, entry.quarantine, faults);
  });
}

/** Makes an event day's tables once more: `events_cleaned` from the published pieces, the others from the published `events_cleaned`. */
export async function recomputeEventDay(
  deps: Recomputing,
  state: CatalogState,
  day: Day,
  entry: EventDayEntry,
  { faults, skipped }: Recomputed,
): Promise<void> {
  const { config } = deps;
  if (entry.rules !== rulesOfEventDay(config, day)) {
    skipped.push(
      `event day ${day} was built by another version of the code, or under another base currency, rates or funnel steps: its tables were not made again`,
    );
    return;
  }
  const { tables } = entry;
  await withScratch(deps.scratchRoot, async (scratch) => {
    const folder = async (name: string) => {
      await mkdir(join(scratch, name));
      return join(scratch, name);
    };
    const pieces = await fetchPieces(deps, entry);
    const rates = ratesOn(day, currencyRatesOf(config), config.pipeline.baseCurrency);
    const shards = shardsFor(sum(entry.pieces.map(({ rows }) => rows)));
    const made = await writeEvents(deps, await folder('events'), { day }, pieces, { rates, shards });
    await compare(`events_cleaned of ${day}`, made.written.file, tables.events_cleaned, faults);
    if (canonicalJson(made.ledger) !== canonicalJson(entry.ledger))
      faults.push(
        `event day ${day}: its ledger is ${canonicalJson(made.ledger)} when made again, ${canonicalJson(entry.ledger)} published`,
      );
    const events = { file: await deps.cache.fetch(tables.events_cleaned), rows: tables.events_cleaned.rows };
    await writeOwnTables(deps, await folder('own'), events, async (table, { file }) =>
      compare(`${table} of ${day}`, file, tables[table], faults),
    );
    const eventsOf = (n: number) => state.eventDays.get(addDays(day, n))?.tables.events_cleaned ?? null;
    const sessions = await writeSessions(deps, await folder('sessions'), {
      day,
      previous: eventsOf(-1),
      events: tables.events_cleaned,
      next: eventsOf(1),
      nextIsComplete: state.arrivals.has(addDays(day, 1)),
    });
    await compare(`sessions of ${day}`, sessions.file, tables.sessions, faults);
  });
}

/** Makes the tables over all days once more, from the published tables by day and the pinned profiles. */
export async function recomputeWholeTables(
  deps: Recomputing,
  { snapshot, arrivals, eventDays }: CatalogState,
  { faults, skipped }: Recomputed,
): Promise<void> {
  const sources = { arrivals, eventDays, profiles: snapshot.profiles };
  const name = nameOfOutput(recipeOfWholeTables(deps.config, sources));
  if (wholeTables.some((table) => basename(snapshot.tables[table].key, '.parquet') !== name)) {
    const isSameConfig = snapshot.configHash === hashConfig(deps.config);
    const why = isSameConfig ? 'version of the code, or from other tables by day' : 'configuration';
    skipped.push(`the tables over all days were made by another ${why}: they were not made again`);
    return;
  }
  await withScratch(deps.scratchRoot, async (scratch) => {
    const files = await writeWholeFiles(deps, scratch, sources);
    for (const table of wholeTables) await compare(table, files[table].file, snapshot.tables[table], faults);
  });
}

/** Compares a file that was made again with what is published; either may not be there. */
async function compare(
  what: string,
  file: string | undefined,
  published: ObjectRef | undefined,
  faults: string[],
): Promise<void> {
  const found = file === undefined ? 'nothing' : await sha256OfFile(file);
  const wanted = published?.sha256 ?? 'nothing';
  if (found !== wanted)
    faults.push(`${what}: sha256 ${found} when made again, ${wanted} published (${published?.key ?? '–'})`);
}
