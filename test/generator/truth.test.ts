import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { defectKinds } from '../../src/domain/game-model.ts';
import { type Row, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { rejectedFor } from '../../src/generator/fate.ts';
import { scenarioNames } from '../../src/generator/scenarios.ts';
import type { GeneratorSpec } from '../../src/generator/spec.ts';
import type { DayFigures, DayTruth } from '../../src/generator/truth.ts';
import type { ReadArrival } from '../../src/ingest/read-arrival.ts';
import { acceptedSource } from '../ingest/support.ts';
import { isSlowRun } from '../support/slow.ts';
import { duckDb, type LandedRange, landDays, readDay } from './landed-range.ts';
import { clean, daysOf, specFor } from './specs.ts';

/** Late events of a day arrive on up to so many days after it. */
const LATEST = 5;
const SETTLED = isSlowRun ? 7 : 3;
const TIMEOUT_MS = 120_000;
let scratch: string;
const land = (name: string, spec: GeneratorSpec, days: readonly Day[]) =>
  landDays(join(scratch, name), spec, days);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'questline-truth-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** Figures of each day by plain SQL over a view `events` (id, player, type, t, p) and `profiles`. */
const recountSql = {
  days: `SELECT t::DATE::VARCHAR AS day, count(*) AS events, count(DISTINCT player) AS players,
      count(DISTINCT player) FILTER (acquired = t::DATE) AS new_players,
      coalesce(sum(amount), 0)::DECIMAL(18, 4)::VARCHAR AS revenue,
      coalesce(sum(revenue), 0)::DECIMAL(18, 4)::VARCHAR AS ad_revenue,
      count(DISTINCT player) FILTER (amount > 0) AS payers
    FROM events JOIN profiles USING (player) GROUP BY 1`,
  types: `SELECT t::DATE::VARCHAR AS day, type AS key, count(*) AS n FROM events GROUP BY ALL`,
  survivors: `SELECT t::DATE::VARCHAR AS day, acquired::VARCHAR AS key, count(DISTINCT player) AS n
    FROM events JOIN profiles USING (player) GROUP BY ALL`,
  levels: `SELECT t::DATE::VARCHAR AS day, level::VARCHAR AS key, count(*) FILTER (type = 'level_start') AS starts,
      count(*) FILTER (success) AS completions, count(*) FILTER (NOT success) AS failures
    FROM events WHERE type IN ('level_start', 'level_complete') GROUP BY ALL`,
  sessions: `WITH told AS (
      SELECT t, type, lag(t) OVER w AS before, lag(type) OVER w AS type_before FROM events
      WINDOW w AS (PARTITION BY player ORDER BY t, type = 'session_end'))
    SELECT t::DATE::VARCHAR AS day, count(*) AS n FROM told
    WHERE before IS NULL OR t - before > INTERVAL 30 MINUTE
      OR (t > before AND (type = 'session_start' OR type_before = 'session_end')) GROUP BY 1`,
};

/** A table of a file's lines. */
const linesSql = (
  file: string,
) => `CREATE OR REPLACE TABLE lines AS SELECT line FROM read_csv('${file}', columns = {line: 'VARCHAR'},
  delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, strict_mode = false, store_rejects = true,
  max_line_size = 2000000)`;

/** How often each kind of defect is in the lines of a day, or among its accepted rows, as far as it shows there. */
const defectsSql = (accepted: string, day: Day) => `WITH came AS (FROM ${accepted}),
    twice AS (SELECT count(DISTINCT "timestamp") AS times FROM came GROUP BY event_id HAVING count(*) > 1)
  SELECT (SELECT count(*) FROM lines WHERE NOT json_valid(line) AND starts_with(line, '{"event_id":"')
      AND NOT ends_with(line, '}'))::INT AS truncated,
    (SELECT count(*) FROM lines WHERE contains(line, ':null'))::INT AS "nullField",
    (SELECT count(*) FROM lines WHERE contains(line, '"device_model"'))::INT AS "unknownField",
    (SELECT count(*) FROM came WHERE event_day < DATE '${day}')::INT AS late,
    (SELECT count(*) FROM came WHERE event_type = 'purchase' AND amount >= 1000000)::INT AS "absurdAmount",
    (SELECT count(*) FROM twice WHERE times = 1)::INT AS "exactDuplicate",
    (SELECT count(*) FROM twice WHERE times = 2)::INT AS "conflictingDuplicate"`;

type Recount = Record<string, DayFigures>;

async function recount(setUp: readonly string[], folder: string): Promise<Recount> {
  return withDuckDb(duckDb, async (connection) => {
    for (const sql of setUp) await connection.run(sql);
    await connection.run(`CREATE VIEW profiles AS SELECT player_id AS player, acquisition_date::DATE AS acquired
      FROM read_json('${folder}/raw/players/*.ndjson', format = 'newline_delimited')`);
    const days = await readRows(connection, recountSql.days);
    const types = await readRows(connection, recountSql.types);
    const survivors = await readRows(connection, recountSql.survivors);
    const levels = await readRows(connection, recountSql.levels);
    const sessions = await readRows(connection, recountSql.sessions);
    const of = (rows: readonly Row[], day: unknown) => rows.filter((row) => row['day'] === day);
    const counts = (rows: readonly Row[]) =>
      Object.fromEntries(rows.map((row) => [String(row['key']), Number(row['n'])]));
    return Object.fromEntries(
      days.map((row) => {
        const { day, events, players, new_players, revenue, ad_revenue, payers } = row;
        const tries = of(levels, day).map((one) => [
          String(one['key']),
          {
            starts: Number(one['starts']),
            completions: Number(one['completions']),
            failures: Number(one['failures']),
          },
        ]);
        const figures = {
          events: Number(events),
          events_by_type: counts(of(types, day)),
          players: Number(players),
          new_players: Number(new_players),
          sessions: Number(of(sessions, day)[0]?.['n'] ?? 0),
          revenue,
          ad_revenue,
          payers: Number(payers),
          survivors: counts(of(survivors, day)),
          levels: Object.fromEntries(tries) as DayFigures['levels'],
        };
        return [String(day), figures as DayFigures];
      }),
    );
  });
}

/** Figures as the recount has them: types without an event are not among its rows. */
function comparable({ events_by_type, ...figures }: DayFigures): unknown {
  const seen = Object.entries(events_by_type).filter(([, n]) => n > 0);
  return { ...figures, events_by_type: Object.fromEntries(seen) };
}

function figuresOf(truth: DayTruth): DayFigures {
  const { exact_duplicates: _, conflicting_duplicates: __, ...figures } = truth.expected;
  return figures;
}

describe('the truth of clean output', () => {
  it.each(isSlowRun ? [1, 2, 3] : [1])(
    'of seed %i equals a recount by plain SQL',
    { timeout: TIMEOUT_MS },
    async (seed) => {
      const spec = specFor('tiny', { seed, defects: clean, output: { compression: 'gzip' } });
      const landed = await land(`clean-${seed}`, spec, daysOf(spec));
      const found = await recount(
        [
          `CREATE VIEW events AS SELECT event_id AS id, player_id AS player, event_type AS type, timestamp::TIMESTAMP AS t,
          (properties->>'amount')::DECIMAL(18, 4) AS amount, (properties->>'revenue')::DECIMAL(18, 4) AS revenue,
          (properties->>'level')::INT AS level, (properties->>'success')::BOOLEAN AS success
        FROM read_json('${landed.folder}/raw/dt=*/*.ndjson.gz', format = 'newline_delimited',
          columns = {event_id: 'VARCHAR', player_id: 'VARCHAR', event_type: 'VARCHAR', timestamp: 'VARCHAR', properties: 'JSON'})`,
        ],
        landed.folder,
      );
      for (const truth of landed.truths) {
        expect(comparable(truth.simulated)).toEqual(comparable(found[truth.day] as DayFigures));
        expect(figuresOf(truth)).toEqual(truth.simulated);
        expect(truth.arrival.accepted).toBe(truth.simulated.events);
      }
    },
  );

  it('is written beside the data as it was returned', async () => {
    const spec = specFor('tiny', { players: 50 });
    const { folder, truths } = await land('written', spec, daysOf(spec, 2));
    const text = await readFile(join(folder, 'raw/_truth/dt=2026-01-02.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(truths[1]);
  });
});

const heavy = Object.fromEntries(Object.keys(clean).map((kind) => [kind, 0.02]));
const runs: Record<string, Parameters<typeof specFor>[1]> = {
  'the default rates': {},
  'every defect on one event in fifty': { defects: { ...heavy, oversized: 0.0005 } },
  ...Object.fromEntries(scenarioNames.map((scenario) => [`the scenario ${scenario}`, { scenario }])),
};

describe.each(Object.entries(runs))('the expected truth of %s', (name, changes) => {
  let landed: LandedRange;
  let reads: ReadArrival[] | null;

  beforeAll(async () => {
    const spec = specFor('tiny', { seed: 5, output: { compression: 'gzip' }, ...changes });
    landed = await land(name.replaceAll(' ', '-'), spec, daysOf(spec, SETTLED + LATEST));
    reads = changes?.scenario === 'truncated-upload' ? null : [];
    if (reads !== null) for (const truth of landed.truths) reads.push(await readDay(landed.folder, truth));
  }, TIMEOUT_MS);

  it('equals what the reader finds in each arrival, line by line', async () => {
    for (const [n, { arrival }] of landed.truths.entries()) {
      const read = reads?.[n];
      if (read === undefined) {
        expect(arrival).toMatchObject({
          readable: false,
          accepted: 0,
          rejected: {},
          accepted_by_event_day: {},
        });
        const truth = landed.truths[n] as DayTruth;
        await expect(readDay(landed.folder, truth)).rejects.toMatchObject({ name: 'UnreadableObject' });
        continue;
      }
      expect(read.ledger).toEqual({
        lines: arrival.lines,
        accepted: arrival.accepted,
        rejected: arrival.rejected,
        superseded: 0,
      });
      expect(read.acceptedByEventDay).toEqual(arrival.accepted_by_event_day);
      expect(read.bytes).toBe(arrival.bytes);
    }
  });

  it('has of each kind of defect as many as plain SQL finds in the lines', {
    timeout: TIMEOUT_MS,
  }, async () => {
    if (reads === null) return;
    const { folder, truths } = landed;
    await withDuckDb(duckDb, async (connection) => {
      for (const [n, { day, arrival }] of truths.entries()) {
        await connection.run(linesSql(join(folder, arrival.objects[0]?.key ?? '')));
        const read = reads?.[n] as ReadArrival;
        const [found] = await readRows(connection, defectsSql(acceptedSource(read), day));
        expect(arrival.defects).toMatchObject(found ?? { none: 'found' });
        const rejected: Record<string, number> = {};
        for (const kind of defectKinds) {
          const reason = rejectedFor[kind];
          if (reason === null || arrival.defects[kind] === 0) continue;
          rejected[reason] = (rejected[reason] ?? 0) + arrival.defects[kind];
        }
        expect(read.ledger.rejected).toEqual(rejected);
      }
    });
  });

  it('equals what plain SQL counts of accepted rows, each once, for the days of which everything has landed', async () => {
    const settled = landed.truths.slice(0, SETTLED);
    if (reads === null) {
      expect(settled.map(({ expected }) => expected.events)).toEqual(settled.map(() => 0));
      return;
    }
    const files = reads.map((read, n) => `SELECT *, ${n} AS arrival FROM ${acceptedSource(read)}`);
    const found = await recount(
      [
        `CREATE TABLE came AS ${files.join(' UNION ALL ')}`,
        `CREATE VIEW events AS SELECT event_id AS id, player_id AS player, event_type AS type, "timestamp" AS t,
          CASE WHEN event_type = 'purchase' THEN amount END AS amount, revenue, level, success
        FROM came QUALIFY row_number() OVER (PARTITION BY event_day, event_id ORDER BY arrival, "timestamp") = 1`,
      ],
      landed.folder,
    );
    for (const truth of settled) {
      expect(comparable(figuresOf(truth))).toEqual(comparable(found[truth.day] as DayFigures));
    }
    const twice = await withDuckDb(duckDb, (connection) =>
      readRows(
        connection,
        `SELECT event_day::VARCHAR AS day, count(*) FILTER (times = 1)::INT AS conflicting, count(*) FILTER (times = 2)::INT AS exact
        FROM (SELECT event_day, event_id, count(*) AS n, 3 - count(DISTINCT "timestamp") AS times
          FROM (${files.join(' UNION ALL ')}) GROUP BY ALL HAVING n > 1) GROUP BY 1`,
      ),
    );
    for (const { day, expected } of settled) {
      const { exact = 0, conflicting = 0 } = twice.find((row) => row['day'] === day) ?? {};
      expect([exact, conflicting]).toEqual([expected.exact_duplicates, expected.conflicting_duplicates]);
    }
  });
});
