import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SourceTable, sourceTables } from '../../src/activities/player-shards.ts';
import { funnelOf } from '../../src/activities/rules.ts';
import { withTableFiles } from '../../src/activities/table-files.ts';
import { type WholeTableInputs, writeWholeTables } from '../../src/activities/write-whole-tables.ts';
import { configSchema } from '../../src/config/schema.ts';
import { wholeTables } from '../../src/domain/tables.ts';
import { sha256OfFile } from '../../src/storage/sha256.ts';
import { dayStatesFrame, listDayStates } from '../../src/transforms/calendar.ts';
import { extractFunnelSteps } from '../../src/transforms/funnel-steps.ts';
import { aggregatePlayerDays } from '../../src/transforms/player-days.ts';
import { aggregatePlayerLevels } from '../../src/transforms/player-levels.ts';
import { buildSessions } from '../../src/transforms/sessions.ts';
import { isSlowRun } from '../support/slow.ts';
import { cleanedEvents, DAY, day, type EventRow } from '../transforms/support/cleaned-events.ts';
import { profileFrame } from '../transforms/support/profile-frame.ts';
import { randomEvents } from '../transforms/support/random-events.ts';

const config = configSchema.parse({});
const duckDb = { threads: 1, memoryMb: 512 };
const profiles = profileFrame({ 'p-3': { acquired: day(-2), country: 'DE', segment: 'whale' } });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-whole-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The tables of each event day as files, as aggregate stores them. */
async function storeDays(events: readonly EventRow[]): Promise<WholeTableInputs['files']> {
  const scratch = await mkdtemp(join(folder, 'days-'));
  const dayOf = ({ at }: EventRow) => Math.floor(at / DAY);
  const eventsOf = (n: number) =>
    cleanedEvents(events.filter((event) => dayOf(event) === n))
      .sort(['player_id', 'timestamp', 'event_id'])
      .lazy();
  const files: Record<SourceTable, string[]> = {
    player_days: [],
    sessions: [],
    player_levels: [],
    funnel_steps: [],
  };
  await withTableFiles(duckDb, scratch, async (tables) => {
    for (const n of [...new Set(events.map(dayOf))].sort((a, b) => a - b)) {
      const own = eventsOf(n);
      const made: Record<SourceTable, LazyDataFrame> = {
        player_days: aggregatePlayerDays(own),
        sessions: buildSessions(eventsOf(n - 1), own, eventsOf(n + 1), { day: day(n), nextIsComplete: true }),
        player_levels: aggregatePlayerLevels(own),
        funnel_steps: extractFunnelSteps(own, funnelOf(config)),
      };
      for (const table of sourceTables) {
        const { file } = await tables.write(table, [made[table]]);
        const kept = join(scratch, `${table}-day-${n}.parquet`);
        await pl.scanParquet(file).sinkParquet(kept).collect();
        files[table].push(kept);
      }
    }
  });
  return files;
}

/** The same rows in many more files. */
async function spread(files: WholeTableInputs['files']): Promise<WholeTableInputs['files']> {
  const scratch = await mkdtemp(join(folder, 'spread-'));
  const more = { ...files };
  for (const table of sourceTables) {
    const [first = '', ...rest] = files[table];
    const none = join(scratch, `${table}.parquet`);
    await pl.scanParquet(first).filter(pl.lit(false)).sinkParquet(none).collect();
    more[table] = [first, ...Array.from({ length: 100 }, () => none), ...rest];
  }
  return more;
}

/** The sha256 of each table, and how many rows it has. */
async function write(files: WholeTableInputs['files'], days: number, shards: number) {
  const scratch = await mkdtemp(join(folder, 'whole-'));
  const known = new Set(Array.from({ length: days }, (_, n) => day(n)));
  const states = listDayStates(known, known, config.pipeline);
  return withTableFiles(duckDb, scratch, async (tables) => {
    const inputs = { files, profiles, dayStates: dayStatesFrame(states).lazy(), shards };
    const written = await writeWholeTables(config, tables, scratch, inputs);
    const hashes = wholeTables.map(async (table) => {
      const { file, rows } = written[table];
      return [table, { rows, sha256: await sha256OfFile(file) }] as const;
    });
    return Object.fromEntries(await Promise.all(hashes));
  });
}

describe('writeWholeTables', () => {
  it('gives the same bytes in 1, 2 and 16 shards and from many files, also when some have no levels, steps or sessions', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvents(4, 12, 200), async (events) => {
        const files = await storeDays(events);
        const whole = await write(files, 4, 1);
        expect(await write(files, 4, 2)).toEqual(whole);
        expect(await write(files, 4, 16)).toEqual(whole);
        expect(await write(await spread(files), 4, 1)).toEqual(whole);
      }),
      {
        numRuns: isSlowRun ? 4 : 2,
        examples: [
          [
            [
              { player: 'p-1', type: 'purchase', at: 0 },
              { player: 'p-2', type: 'level_start', at: DAY, level: 1 },
            ],
          ],
        ],
      },
    );
  });

  it('makes tables without players of days without events', async () => {
    const files = { player_days: [], sessions: [], player_levels: [], funnel_steps: [] };
    const made = await write(files, 2, 1);
    expect(Object.fromEntries(Object.entries(made).map(([table, { rows }]) => [table, rows]))).toEqual({
      players: 0,
      daily_metrics: 2,
      daily_metrics_by: 0,
      event_type_daily: 0,
      retention_cohorts: 0,
      cohort_ltv: 0,
      level_funnel: 0,
      conversion_funnel: 0,
    });
  });
});
