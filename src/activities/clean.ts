import { join } from 'node:path';
import pl from 'nodejs-polars';
import { z } from 'zod';
import type { EventDayBuild } from '../domain/build-plan.ts';
import { TerminalError } from '../domain/failure.ts';
import { imbalanceOfEventDay, sum } from '../domain/ledger.ts';
import type { CleanResult } from '../domain/pipeline.ts';
import { uploadFile } from '../storage/bytes.ts';
import { eventDayLedgerSchema, objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { cleanEvents, countRows } from '../transforms/clean-events.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';

const resultSchema = z.object({ events: objectRefSchema, ledger: eventDayLedgerSchema });

/** Makes `events_cleaned` of one event day from all its pieces; fails with `AuditError` if a row is not accounted for. */
export async function cleanEventDay(
  deps: Dependencies,
  stage: StageContext,
  build: EventDayBuild,
): Promise<CleanResult> {
  const { baseCurrency } = deps.config.pipeline;
  const inputs = {
    pieces: build.pieces.map(({ arrival, parts }) => [arrival, ...parts.map(({ sha256 }) => sha256)]),
    baseCurrency,
  };
  const recipe = { stage: 'clean' as const, scope: build.day, inputs };
  const made = await makeOnce(deps.store, recipe, resultSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      stage.tell(`merging ${build.pieces.length} pieces`);
      const pieces = await Promise.all(
        build.pieces.map(async (piece) => ({
          arrival: piece.arrival,
          rows: pl.concat(
            (await Promise.all(piece.parts.map((part) => deps.cache.fetch(part)))).map((file) =>
              pl.scanParquet(file),
            ),
          ),
        })),
      );
      const { events, ledger } = await cleanEvents(pieces, build.day, baseCurrency);
      const file = join(scratch, 'events.parquet');
      await events.sinkParquet(file, { compression: 'zstd' }).collect();
      checkLedger(build, ledger, await countRows(pl.scanParquet(file)));
      stage.count({ events: ledger.cameIn, eventDay: ledger });
      stage.stopIfCancelled();
      const key = keys.dayTable('events_cleaned', build.day, name);
      return { events: await uploadFile(deps.store, key, file, ledger.kept), ledger };
    }),
  );
  return made.record;
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
