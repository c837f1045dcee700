import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planGenerator } from '../../src/activities/generate.ts';
import { variableOf } from '../../src/config/key-paths.ts';
import { checkKeys } from '../../src/domain/checks.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import type { BackfillResult } from '../../src/domain/pipeline.ts';
import { publishedTables } from '../../src/domain/tables.ts';
import { type ScenarioName, scenarioNames } from '../../src/generator/scenarios.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { keys } from '../../src/storage/keys.ts';
import { landGeneratedDay, landGeneratedProfiles } from '../../src/storage/land-generated.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { isSlowRun } from '../support/slow.ts';
import { readSql } from '../support/sql.ts';
import { createWorld, type World } from '../support/world.ts';

/** Late events of a day arrive on up to so many days after it; the truth takes it that they are made as the day itself. */
const LATEST = 5;

const gateOff = Object.fromEntries(checkKeys.map((key) => [variableOf(`quality.${key}.severity`), 'off']));
const readable = scenarioNames.filter((name) => name !== 'truncated-upload');

interface Variant {
  readonly name: string;
  readonly preset: string;
  readonly players: number;
  readonly seed: number;
  readonly days: number;
  /** One a day, from the first day on. */
  readonly scenarios: readonly ScenarioName[];
  /** A day that has nothing landed, by its number. */
  readonly gap?: number;
}

const variants: readonly Variant[] = [
  ...(isSlowRun ? [{ name: 'tiny', preset: 'tiny', players: 120, seed: 1, days: 9, scenarios: [] }] : []),
  { name: 'defects', preset: 'tiny', players: 120, seed: 2, days: 14, scenarios: readable },
  {
    name: 'default',
    preset: 'default',
    players: 60,
    seed: 3,
    scenarios: [],
    ...(isSlowRun ? { days: 31, gap: 20 } : { days: 11, gap: 8 }),
  },
];

describe.each(variants)(
  'the tables of $name with seed $seed',
  ({ name, preset, players, seed, ...variant }) => {
    let world: World;
    let scratch: string;
    let cache: ObjectCache;
    let days: Day[];

    const ask = (sql: string) => queryTables(world.store, cache, sql);

    beforeAll(async () => {
      world = await createWorld(`tables-${name}`, { ...gateOff, QUESTLINE_GENERATOR_PRESET: preset });
      scratch = await mkdtemp(join(tmpdir(), 'questline-tables-'));
      cache = new ObjectCache(scratch, world.store);
      const { spec } = planGenerator(world.config, { players, seed });
      days = Array.from({ length: variant.days }, (_, n) => addDays(spec.model.launchDay, n));
      await landGeneratedProfiles(world.store, new Simulation(spec));
      for (const [n, day] of days.entries()) {
        if (n === variant.gap) continue;
        const scenario = variant.scenarios[n];
        const plan = planGenerator(world.config, {
          players,
          seed,
          ...(scenario === undefined ? {} : { scenario }),
        });
        await landGeneratedDay(world.store, new Simulation(plan.spec), plan.identity, day);
      }
      await world.startWorker();
      const [from, to] = [days[0] as Day, days.at(-1) as Day];
      const result = (await (
        await startBackfill(world.client, world.config, { from, to })
      ).result()) as BackfillResult;
      const failed = result.days.filter(({ state }) => state !== 'published').map(({ day }) => day);
      expect(failed).toEqual(variant.gap === undefined ? [] : [days[variant.gap]]);
    }, 180_000);
    afterAll(async () => {
      await world.close();
      await rm(scratch, { recursive: true, force: true });
    });

    it.each(publishedTables)('%s equal plain SQL, in each column and row', async (table) => {
      const oracle = await ask(await readSql(table));
      expect((await ask(`FROM ${table}`)).rows).toEqual(oracle.rows);
    });

    it('equal what the generator knows to be true, for the days of which everything has landed', async () => {
      const until = variant.gap === undefined ? days.length - LATEST : variant.gap - LATEST;
      const checked = days.slice(variant.scenarios.length, until);
      expect(checked.length).toBeGreaterThan(1);
      for (const day of checked) {
        const { body } = await world.store.read(keys.truth(day));
        const { expected } = JSON.parse((await buffer(body)).toString()) as DayTruth;
        const { players: dau, new_players, events, sessions, revenue, ad_revenue, payers } = expected;
        const [metrics] = (
          await ask(`SELECT dau, new_players, events, sessions, revenue::VARCHAR, ad_revenue::VARCHAR, payers
          FROM daily_metrics WHERE date = '${day}'`)
        ).rows;
        expect([day, ...(metrics ?? [])]).toEqual([
          day,
          dau,
          new_players,
          events,
          sessions,
          revenue,
          ad_revenue,
          payers,
        ]);
        const types = await ask(`SELECT event_type, events FROM event_type_daily WHERE date = '${day}'`);
        expect(Object.fromEntries(types.rows as [string, number][])).toEqual(expected.events_by_type);
        const back = await ask(`SELECT cohort_date::VARCHAR, retained FROM retention_cohorts
        WHERE kind = 'classic' AND cohort_date + day_n::INT = DATE '${day}' AND retained > 0`);
        expect(Object.fromEntries(back.rows as [string, number][])).toEqual(expected.survivors);
        const levels = await ask(`SELECT level, sum(starts)::INT, sum(wins)::INT, sum(losses)::INT
        FROM player_levels WHERE date = '${day}' GROUP BY level`);
        expect(Object.fromEntries(levels.rows.map(([level, ...counts]) => [level, counts]))).toEqual(
          Object.fromEntries(
            Object.entries(expected.levels).map(([level, count]) => [level, Object.values(count)]),
          ),
        );
      }
    });

    it('agree among each other: what adds up is the same in all of them', async () => {
      const { rows } = await ask(`SELECT
      (SELECT count(*) FROM events_cleaned) AS events,
      (SELECT sum(events) FROM player_days) - (SELECT count(*) FROM events_cleaned) AS of_players,
      (SELECT sum(events) FROM hourly_activity) - (SELECT count(*) FROM events_cleaned) AS of_hours,
      (SELECT sum(events) FROM event_type_daily) - (SELECT count(*) FROM events_cleaned) AS of_types,
      (SELECT sum(events) FROM daily_metrics) - (SELECT count(*) FROM events_cleaned) AS of_days,
      (SELECT sum(events) FROM players) - (SELECT count(*) FROM events_cleaned) AS of_lives,
      (SELECT sum(events) FROM sessions) - (SELECT count(*) FROM events_cleaned) AS of_sessions,
      (SELECT sum(revenue) FROM daily_metrics) - (SELECT sum(revenue) FROM players) AS of_revenue`);
      const [events, ...differences] = (rows[0] ?? []).map(Number);
      expect(events).toBeGreaterThan(1000);
      expect(differences).toEqual(differences.map(() => 0));
    });
  },
);
