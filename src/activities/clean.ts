import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { z } from 'zod';
import type { EventDayBuild } from '../domain/build-plan.ts';
import { ratesOn } from '../domain/currency-rate.ts';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { type EventDayLedger, imbalanceOfEventDay, sum } from '../domain/ledger.ts';
import type { CleanResult } from '../domain/pipeline.ts';
import { eventDayLedgerSchema, objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { finishEvents, settleDuplicates } from '../transforms/clean-events.ts';
import { withinRange } from '../transforms/value-range.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import { sortEventRows } from './event-rows.ts';
import type { StageContext } from './heartbeat.ts';
import { currencyRatesOf } from './rules.ts';
import { shardsFor } from './shards.ts';
import { type TableFile, uploadTable, withTableFiles } from './table-files.ts';

const resultSchema = z.object({ events: objectRefSchema, ledger: eventDayLedgerSchema });

/** Makes `events_cleaned` of one event day from all its pieces; fails with `AuditError` if a row is not accounted for. */
export async function cleanEventDay(
  deps: Dependencies,
  stage: StageContext,
  build: EventDayBuild,
): Promise<CleanResult> {
  const { baseCurrency } = deps.config.pipeline;
  const rates = ratesOn(build.day, currencyRatesOf(deps.config), baseCurrency);
  const pieces = build.pieces.map(({ arrival, parts }) => [arrival, ...parts.map(({ sha256 }) => sha256)]);
  const recipe = { stage: 'clean' as const, scope: build.day, inputs: { pieces, baseCurrency, rates } };
  const made = await makeOnce(deps.store, recipe, resultSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      stage.tell(`merging ${build.pieces.length} pieces`);
      const fetched = await fetchPieces(deps, build);
      const shards = shardsFor(sum(build.pieces.map(({ rows }) => rows)));
      const { written, ledger } = await writeEvents(deps, scratch, build, fetched, { rates, shards });
      checkLedger(build, ledger, written.rows);
      stage.count({ events: ledger.cameIn, eventDay: ledger });
      stage.stopIfCancelled();
      const key = keys.dayTable('events_cleaned', build.day, name);
      const events = await uploadTable(deps.store, key, written);
      await deps.cache.keep(events, written.file);
      return { events, ledger };
    }),
  );
  return made.record;
}

interface FetchedPiece {
  readonly arrival: Day;
  readonly files: readonly string[];
}

/** Local copies of an event day's pieces. */
export function fetchPieces(
  { cache }: Pick<Dependencies, 'cache'>,
  { pieces }: Pick<EventDayBuild, 'pieces'>,
): Promise<FetchedPiece[]> {
  return Promise.all(
    pieces.map(async ({ arrival, parts }) => ({
      arrival,
      files: await Promise.all(parts.map((part) => cache.fetch(part))),
    })),
  );
}

/** How an event day is written: the rates of the day, and in how many shards, which changes nothing but the memory that it takes. */
export interface CleanOptions {
  readonly rates: Readonly<Record<string, string>>;
  readonly shards: number;
}

/** Writes an event day's `events_cleaned` from its pieces, and tells where each row went. */
export function writeEvents(
  { config, duckDb }: Pick<Dependencies, 'config' | 'duckDb'>,
  scratch: string,
  { day }: Pick<EventDayBuild, 'day'>,
  pieces: readonly FetchedPiece[],
  { rates, shards }: CleanOptions,
): Promise<{ readonly written: TableFile; readonly ledger: EventDayLedger }> {
  return withTableFiles(duckDb, scratch, async (tables) => {
    const { count, shared, singles } = await sortEventRows(tables.connection, scratch, pieces, day, shards);
    const settled = await settleShared(shared, scratch);
    const frames = singles.map(({ players, rows }) => {
      const kept = settled.kept.map((frame) => withinRange(frame, 'player_id', players));
      return finishEvents(pl.concat([rows, ...kept]), rates, config.pipeline.baseCurrency);
    });
    const written = await tables.write('events_cleaned', frames);
    const exactDuplicates = settled.rows - settled.variants;
    const conflictingDuplicates = settled.variants - settled.ids;
    const kept = count - exactDuplicates - conflictingDuplicates;
    return { written, ledger: { cameIn: count, kept, exactDuplicates, conflictingDuplicates } };
  });
}

async function settleShared(
  shared: readonly LazyDataFrame[],
  scratch: string,
): Promise<{ readonly kept: LazyDataFrame[]; rows: number; variants: number; ids: number }> {
  const total = { rows: 0, variants: 0, ids: 0 };
  const kept: LazyDataFrame[] = [];
  for (const rows of shared) {
    const settled = await settleDuplicates(rows);
    const file = join(scratch, `kept-${kept.length}.parquet`);
    await settled.kept.sinkParquet(file, { compression: 'lz4' }).collect();
    kept.push(pl.scanParquet(file));
    total.rows += settled.rows;
    total.variants += settled.variants;
    total.ids += settled.ids;
  }
  return { kept, ...total };
}

function checkLedger(build: EventDayBuild, ledger: CleanResult['ledger'], written: number): void {
  const expected = sum(build.pieces.map(({ rows }) => rows));
  if (ledger.cameIn === expected && ledger.kept === written && imbalanceOfEventDay(ledger) === 0) return;
  throw new TerminalError(
    'AuditError',
    `The rows of event day ${build.day} do not add up: arrivals accepted ${expected}, ${ledger.cameIn} came in, ${written} were written.`,
    { day: build.day, ledger, expected, written },
  );
}
