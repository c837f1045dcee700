import { join } from 'node:path';
import pl from 'nodejs-polars';
import { z } from 'zod';
import type { Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { uploadFile } from '../storage/bytes.ts';
import { objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { countRows } from '../transforms/clean-events.ts';
import { aggregatePlayerDays } from '../transforms/player-days.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';

const resultSchema = z.object({ playerDays: objectRefSchema });

/** Makes `player_days` of one event day from its `events_cleaned`. */
export async function aggregateEventDay(
  deps: Dependencies,
  stage: StageContext,
  { day, events }: { readonly day: Day; readonly events: ObjectRef },
): Promise<ObjectRef> {
  const { baseCurrency } = deps.config.pipeline;
  const recipe = { stage: 'aggregate' as const, scope: day, inputs: { events: events.sha256, baseCurrency } };
  const made = await makeOnce(deps.store, recipe, resultSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      stage.tell(`aggregating ${events.rows} events`);
      const file = join(scratch, 'player-days.parquet');
      const rows = pl.scanParquet(await deps.cache.fetch(events));
      await aggregatePlayerDays(rows, baseCurrency).sinkParquet(file, { compression: 'zstd' }).collect();
      stage.count({ events: events.rows });
      stage.stopIfCancelled();
      const key = keys.dayTable('player_days', day, name);
      return { playerDays: await uploadFile(deps.store, key, file, await countRows(pl.scanParquet(file))) };
    }),
  );
  return made.record.playerDays;
}
