import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import type { Day } from '../../src/domain/day.ts';
import type { BackfillResult } from '../../src/domain/pipeline.ts';
import { startBackfill, startDay } from '../../src/operations/start-runs.ts';
import { sha256 } from '../../src/storage/sha256.ts';
import { publishedHashes } from '../support/catalog.ts';
import { isSlowRun, itSlowly } from '../support/slow.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

/** Landed days; the sixth is the first of the next month. */
const LANDED = isSlowRun ? 30 : 6;
const COUNT = isSlowRun ? LANDED : 2;
const TIMEOUT = 600_000;
const preset = join(projectRoot, 'test', 'support', 'over-months.yaml');
let forwards: Record<string, string>;

/** SHA-256 of all that is published after `run` worked through the same landed days in a bucket of its own. */
async function hashesAfter(
  name: string,
  run: (world: World, days: readonly Day[]) => Promise<void>,
): Promise<Record<string, string>> {
  const world = await createWorld(`orders-${name}`, { QUESTLINE_GENERATOR_PRESET: preset });
  try {
    await world.startWorker();
    await run(world, (await landDays(world.store, world.config, LANDED)).slice(-COUNT));
    return await publishedHashes(world.store);
  } finally {
    await world.close();
  }
}

async function backfill({ client, config }: World, days: readonly Day[], concurrency: number): Promise<void> {
  const range = { from: days[0] as Day, to: days.at(-1) as Day };
  const handle = await startBackfill(client, config, { ...range, concurrency });
  const result = (await handle.result()) as BackfillResult;
  expect(result.days.map(({ state }) => state)).toEqual(days.map(() => 'published'));
}

/** Runs the days as they come, `atOnce` of them together, each a run of its own. */
async function runDays({ client, config }: World, days: readonly Day[], atOnce: number): Promise<void> {
  for (let n = 0; n < days.length; n += atOnce) {
    const handles = await Promise.all(
      days.slice(n, n + atOnce).map((day) => startDay(client, config, { day })),
    );
    await Promise.all(handles.map((handle) => handle.result()));
  }
}

/** The days in an order that is the same each time. */
function shuffle(days: readonly Day[]): Day[] {
  return days.toSorted((a, b) => sha256(a).localeCompare(sha256(b)));
}

describe(`${COUNT} landed days publish the same bytes`, { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    forwards = await hashesAfter('forwards', (world, days) => backfill(world, days, 1));
    expect(Object.keys(forwards).length).toBeGreaterThan(7 * COUNT);
  }, TIMEOUT);

  itSlowly('shuffled, two at once', async () => {
    expect(
      await hashesAfter('shuffled', async (world, days) => {
        expect(shuffle(days)).not.toEqual(days);
        await runDays(world, shuffle(days), 2);
      }),
    ).toEqual(forwards);
  });

  itSlowly('with a concurrency of 8, and again', async () => {
    expect(
      await hashesAfter('eight', async (world, days) => {
        await backfill(world, days, 8);
        const once = await publishedHashes(world.store);
        await backfill(world, days, 8);
        expect(await publishedHashes(world.store)).toEqual(once);
      }),
    ).toEqual(forwards);
  });

  itSlowly('day by day', async () => {
    expect(await hashesAfter('day-by-day', (world, days) => runDays(world, days, 1))).toEqual(forwards);
  });

  it('backwards', async () => {
    expect(await hashesAfter('backwards', (world, days) => runDays(world, days.toReversed(), 1))).toEqual(
      forwards,
    );
  });
});
