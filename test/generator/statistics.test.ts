import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPreset } from '../../src/config/load-preset.ts';
import { addDays, listDays } from '../../src/domain/day.ts';
import { defectKinds } from '../../src/domain/game-model.ts';
import { type Row, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { canHave } from '../../src/generator/fate.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { eventTypeNames } from '../../src/schema/contract.ts';
import { isSlowRun } from '../support/slow.ts';
import { duckDb, landDays } from './landed-range.ts';
import { clean, daysOf, makeDay, specFor } from './specs.ts';

/** Standard deviations that a count may be off: with the hundreds of counts here, chance reaches that once in 500 seeds. */
const SIGMAS = 4.5;
const spec = specFor('default', { seed: 11, defects: clean, output: { compression: 'gzip' } });
const { model } = spec;
const days = daysOf(spec);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-statistics-'));
  await landDays(folder, spec, days);
});
afterAll(() => rm(folder, { recursive: true }));

async function ask(sql: string): Promise<Row[]> {
  const setUp = async (connection: DuckDBConnection) => {
    await connection.run(`CREATE VIEW events AS SELECT player_id AS player, event_type AS type, timestamp::TIMESTAMP AS t,
        timestamp::DATE AS day, (properties->>'level')::INT AS level, (properties->>'success')::BOOLEAN AS success
      FROM read_json('${folder}/raw/dt=*/*.ndjson.gz', format = 'newline_delimited', columns = {player_id: 'VARCHAR',
        event_type: 'VARCHAR', timestamp: 'VARCHAR', properties: 'JSON'})`);
    await connection.run(`CREATE VIEW profiles AS SELECT player_id AS player, segment, country, acquisition_date::DATE AS acquired
      FROM read_json('${folder}/raw/players/*.ndjson', format = 'newline_delimited')`);
    return readRows(connection, sql);
  };
  return withDuckDb({ ...duckDb, threads: 2 }, setUp);
}

/** Players by segment and day of acquisition, counted from the launch. */
const countCohorts = () =>
  ask(`SELECT segment, date_diff('day', DATE '${model.launchDay}', acquired)::INT AS acquired, count(*)::INT AS n
    FROM profiles GROUP BY ALL`);

/** Of these, by age in days, those with a session. */
const countPlayed = () =>
  ask(`SELECT segment, date_diff('day', DATE '${model.launchDay}', acquired)::INT AS acquired,
      date_diff('day', acquired, day)::INT AS age, count(DISTINCT player)::INT AS n
    FROM events JOIN profiles USING (player) WHERE type = 'session_start' GROUP BY ALL`);

/** The chance that a player of a segment plays `age` days after acquisition, on a day counted from the launch. */
function chance(segment: string, age: number, dayNumber: number): number {
  const { activity = 0, fade = 0, churn = 0 } = model.segments[segment] ?? {};
  const weekday = new Date(`${addDays(model.launchDay, dayNumber)}T00:00:00Z`).getUTCDay();
  const weekend = weekday === 0 || weekday === 6 ? model.weekendLift : 1;
  const update = Object.values(model.updates).reduce((lift, one) => {
    const since = dayNumber - one.day;
    return since < 0 || since >= one.fadeDays ? lift : lift * (1 + one.lift * (1 - since / one.fadeDays));
  }, 1);
  return (1 - churn) ** age * Math.min(1, (activity / (1 + fade * age)) * weekend * update);
}

interface Count {
  seen: number;
  mean: number;
  variance: number;
}

function addTo(counts: Map<string, Count>, key: string, seen: number, trials: number, p: number): void {
  const count = counts.get(key) ?? { seen: 0, mean: 0, variance: 0 };
  counts.set(key, count);
  count.seen += seen;
  count.mean += trials * p;
  count.variance += trials * p * (1 - p);
}

function expectClose(counts: ReadonlyMap<string, Count>): void {
  for (const [key, { seen, mean, variance }] of counts) {
    const sigmas = (seen - mean) / Math.sqrt(Math.max(1, variance));
    expect(Math.abs(sigmas), `${key}: ${seen} seen, ${mean.toFixed(1)} expected`).toBeLessThan(SIGMAS);
  }
}

describe('what comes out is what the preset says', { timeout: 60_000 }, () => {
  it('retention falls as configured, by segment and age', async () => {
    const cohorts = await countCohorts();
    const played = await countPlayed();
    const seen = new Map(
      played.map((row) => [[row['segment'], row['acquired'], row['age']].join(' '), Number(row['n'])]),
    );
    const counts = new Map<string, Count>();
    for (const row of cohorts) {
      const [segment, acquired, n] = [String(row['segment']), Number(row['acquired']), Number(row['n'])];
      expect(seen.get(`${segment} ${acquired} 0`)).toBe(n);
      for (let age = 1; acquired + age < days.length; age += 1) {
        const p = chance(segment, age, acquired + age);
        addTo(counts, `${segment} at age ${age}`, seen.get(`${segment} ${acquired} ${age}`) ?? 0, n, p);
      }
    }
    expect(counts.size).toBe(5 * 29);
    expectClose(counts);
    const share = (name: string, age: number) => {
      const { seen: back = 0, mean = 1 } = counts.get(`${name} at age ${age}`) ?? {};
      return (back / mean) * chance(name, age, 5);
    };
    expect(share('churner', 7)).toBeLessThan(share('casual', 7));
    expect(share('casual', 7)).toBeLessThan(share('grinder', 7));
  });

  it('weekends lift play by their factor', async () => {
    const played = await countPlayed();
    const cohorts = await countCohorts();
    const isWeekend = (dayNumber: number) =>
      [0, 6].includes(new Date(`${addDays(model.launchDay, dayNumber)}T00:00:00Z`).getUTCDay());
    let [mean, variance] = [0, 0];
    for (const row of cohorts) {
      const [segment, acquired, n] = [String(row['segment']), Number(row['acquired']), Number(row['n'])];
      for (let age = 1; acquired + age < days.length; age += 1) {
        if (!isWeekend(acquired + age)) continue;
        const p = chance(segment, age, acquired + age);
        mean += (n * p) / model.weekendLift;
        variance += n * p * (1 - p);
      }
    }
    const seen = played
      .filter((row) => Number(row['age']) > 0 && isWeekend(Number(row['acquired']) + Number(row['age'])))
      .reduce((sum, row) => sum + Number(row['n']), 0);
    expect(Math.abs(seen / mean - model.weekendLift)).toBeLessThan((SIGMAS * Math.sqrt(variance)) / mean);
    expect((SIGMAS * Math.sqrt(variance)) / mean).toBeLessThan(0.1);
  });

  it('sessions begin by the hours of the player’s own country', async () => {
    const rows = await ask(`WITH starts AS (
        SELECT player, day, min(t) FILTER (type = 'session_start') AS t, count(*) FILTER (type = 'session_start') AS n,
          min(t) FILTER (type = 'session_end') AS first_end
        FROM events GROUP BY ALL)
      SELECT country, extract(hour FROM t)::INT AS hour, extract(minute FROM t)::INT AS minute, count(*)::INT AS n
      FROM starts JOIN profiles USING (player) WHERE n = 1 AND (first_end IS NULL OR first_end > t) GROUP BY ALL`);
    const whole = model.hours.reduce((a, b) => a + b);
    for (const [country, { utcOffset }] of Object.entries(model.countries)) {
      const seen = Array.from({ length: 24 }, () => 0);
      for (const row of rows.filter((one) => one['country'] === country)) {
        const local = Math.floor((Number(row['hour']) + Number(row['minute']) / 60 + utcOffset + 24) % 24);
        seen[local] = (seen[local] ?? 0) + Number(row['n']);
      }
      const total = seen.reduce((a, b) => a + b);
      expect(total).toBeGreaterThan(400);
      const chiSquare = seen.reduce((sum, n, hour) => {
        const mean = (total * (model.hours[hour] ?? 0)) / whole;
        return sum + (n - mean) ** 2 / mean;
      }, 0);
      // 0.99997 quantile of 23 degrees of freedom, by Wilson and Hilferty (1931)
      expect(chiSquare, country).toBeLessThan(23 * (1 - 2 / 207 + 4 * Math.sqrt(2 / 207)) ** 3);
    }
  });

  it('tries are won as often as level and segment say', async () => {
    const rows = await ask(`SELECT segment, level, count(*)::INT AS n, count(*) FILTER (success)::INT AS won
      FROM events JOIN profiles USING (player) WHERE type = 'level_complete' GROUP BY ALL`);
    const { levels } = model;
    const counts = new Map<string, Count>();
    for (const row of rows) {
      const [segment, level] = [String(row['segment']), Number(row['level'])];
      const hard = level % levels.hardEvery === 0 ? levels.hardDrop : 0;
      const drop = Math.min(levels.mostDrop, levels.dropALevel * level);
      const p = levels.firstChance - drop - hard + (model.segments[segment]?.skill ?? 0);
      const capped = Math.min(levels.mostChance, Math.max(levels.leastChance, p));
      addTo(counts, `${segment} at level ${level}`, Number(row['won']), Number(row['n']), capped);
    }
    expect(counts.size).toBeGreaterThan(200);
    expectClose(counts);
  });
});

describe('the preset default, over seeds', { timeout: 120_000 }, () => {
  const seeds = (isSlowRun ? [1, 2, 3, 4, 5] : [1, 2]).map(
    (seed) => new Simulation(specFor('default', { seed })),
  );
  const rates = loadPreset('default').defects;
  let made: readonly { readonly truths: readonly DayTruth[]; readonly paid: number }[];

  beforeAll(() => {
    made = seeds.map((simulation) => {
      const truths = daysOf(simulation.spec).map((day) => makeDay(simulation, day).truth);
      const paid = new Set<number>();
      for (let index = 0; index < model.players; index += 1) {
        for (let day = 0; day < days.length; day += 1) {
          if (simulation.eventsOf(index, day).some(({ event }) => event.type === 'purchase')) paid.add(index);
        }
      }
      return { truths, paid: paid.size / model.players };
    });
  }, 120_000);

  it('makes 940,000 events within 2 %, of every type every day, with 8 ± 0.5 % who ever pay in expectation', () => {
    for (const { truths } of made) {
      const events = truths.reduce((sum, { simulated }) => sum + simulated.events, 0);
      expect(Math.abs(events / 940_000 - 1)).toBeLessThan(0.02);
      for (const { simulated } of truths)
        expect(Math.min(...Object.values(simulated.events_by_type))).toBeGreaterThan(0);
      const lines = truths.reduce((sum, { arrival }) => sum + arrival.lines, 0);
      const rows = truths.reduce((sum, { expected }) => sum + expected.events, 0);
      expect(1 - rows / lines).toBeGreaterThan(0.004);
      expect(1 - rows / lines).toBeLessThan(0.008);
    }
    const paid = made.reduce((sum, one) => sum + one.paid, 0) / made.length;
    expect(Math.abs(paid - 0.08)).toBeLessThan(0.005);
  });

  it('has each kind of defect at its rate', () => {
    for (const { truths } of made) {
      const total = (count: (truth: DayTruth) => number) => truths.reduce((sum, one) => sum + count(one), 0);
      const counts = new Map<string, Count>();
      for (const kind of defectKinds.filter((one) => one !== 'late')) {
        const able = eventTypeNames.filter((type) => canHave(type, kind));
        const events = total(({ simulated }) =>
          able.reduce((sum, type) => sum + simulated.events_by_type[type], 0),
        );
        addTo(
          counts,
          kind,
          total(({ arrival }) => arrival.defects[kind]),
          events,
          rates[kind],
        );
      }
      const late = total(({ day, arrival }) =>
        Object.entries(arrival.accepted_by_event_day).reduce((sum, [on, n]) => sum + (on < day ? n : 0), 0),
      );
      const landed = truths.reduce(
        (sum, { simulated }, n) => sum + (simulated.events * Math.min(5, truths.length - 1 - n)) / 5,
        0,
      );
      addTo(counts, 'late', late, landed, rates.late);
      expectClose(counts);
    }
  });

  it('has each segment within 1 % of its share of players, and 40 % of them on the launch day', () => {
    for (const simulation of seeds) {
      const players = Array.from({ length: model.players }, (_, index) => simulation.playerOf(index));
      const bySegment = Map.groupBy(players, ({ segment }) => segment.name);
      for (const [name, { share }] of Object.entries(model.segments)) {
        expect(Math.abs((bySegment.get(name)?.length ?? 0) / model.players - share)).toBeLessThan(
          0.01 * share + 1 / model.players,
        );
      }
      const launched = players.filter(({ acquiredOn }) => acquiredOn === 0).length;
      expect(Math.abs(launched / model.players - 0.4)).toBeLessThan(0.004);
      const ready = players.filter(({ pays }) => pays).length / model.players;
      expect(Math.abs(ready - 0.08)).toBeLessThan(SIGMAS * Math.sqrt((0.08 * 0.92) / model.players));
    }
    expect(listDays({ from: model.launchDay, to: addDays(model.launchDay, 29) })).toEqual(days);
  });
});
