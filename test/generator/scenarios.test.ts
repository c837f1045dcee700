import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays } from '../../src/domain/day.ts';
import { readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { type Scenario, type ScenarioName, scenarioNames, scenarios } from '../../src/generator/scenarios.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { eventTypeNames, propertyNames } from '../../src/schema/contract.ts';
import { duckDb, landDays, readDay } from './landed-range.ts';
import { specFor } from './specs.ts';

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'questline-scenarios-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const listOf = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;
const shareWithout = (field: string) => `avg((coalesce(${field}, '') = '')::INT)`;

/** The quality checks of the design on a day's raw lines, in SQL of their own: true where one fails by its default threshold. */
const checks: Readonly<Record<string, string>> = {
  'minimum event count': 'count(*) FILTER (id IS NOT NULL) < 1000',
  'required event types': `count(*) FILTER (type = 'session_start') = 0 OR count(*) FILTER (type = 'session_end') = 0`,
  'null percentage of a required field': `greatest(${['id', 'player', 'type', 'stamp'].map(shareWithout).join(', ')}) > 0.10`,
  'duplicate events': '1 - count(DISTINCT id) / count(id) > 0.05',
  'future timestamps': `count(*) FILTER (TRY_CAST(stamp AS TIMESTAMPTZ) >= day + INTERVAL 2 DAY) / count(*) > 0.01`,
  'revenue outliers': 'count(*) FILTER (amount > 1000) > 0',
  'malformed lines': 'count(*) FILTER (id IS NULL AND stamp IS NULL) > greatest(100, 0.01 * count(*))',
  'schema drift': `count(*) FILTER (NOT list_contains(${listOf(eventTypeNames)}, type)
    OR len(list_filter(json_keys(p), lambda key: NOT list_contains(${listOf(propertyNames)}, key))) > 0) / count(*) > 0.01`,
};

async function findFailedChecks(file: string, { day }: DayTruth): Promise<string[]> {
  return withDuckDb(duckDb, async (connection) => {
    await connection.run(`CREATE TABLE lines AS SELECT DATE '${day}' AS day, CASE WHEN json_valid(line) THEN line::JSON END AS j
      FROM read_csv('${file}', columns = {line: 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false,
        auto_detect = false, strict_mode = false, store_rejects = true, max_line_size = 2000000)`);
    await connection.run(`CREATE VIEW read AS SELECT day, j->>'event_id' AS id, j->>'player_id' AS player, j->>'event_type' AS type,
      j->>'timestamp' AS stamp, j->'properties' AS p, TRY_CAST(j->'properties'->>'amount' AS DOUBLE) AS amount FROM lines`);
    const failed: string[] = [];
    for (const [check, sql] of Object.entries(checks)) {
      const [row] = await readRows(connection, `SELECT coalesce(${sql}, false) AS failed FROM read`);
      if (row?.['failed'] === true) failed.push(check);
    }
    return failed;
  });
}

it.each(['default', ...scenarioNames])('%s fails exactly its own quality gate', async (name) => {
  const scenario = name === 'default' ? null : (name as ScenarioName);
  const changes = scenario === null ? {} : { scenario };
  const spec = specFor('default', { seed: 3, players: 1500, output: { compression: 'gzip' }, ...changes });
  const folder = join(scratch, name);
  const { truths } = await landDays(folder, spec, [addDays(spec.model.launchDay, 2)]);
  const truth = truths[0] as DayTruth;
  const file = join(folder, truth.arrival.objects[0]?.key ?? '');
  const declared: Scenario | null = scenario === null ? null : scenarios[scenario];
  if (declared?.cutOff === true) {
    expect(declared.stoppedBy).toBe('reading: UnreadableObject');
    await expect(readDay(folder, truth)).rejects.toMatchObject({ name: 'UnreadableObject' });
    return;
  }
  expect(await findFailedChecks(file, truth)).toEqual(declared === null ? [] : [declared.stoppedBy]);
  expect((await readDay(folder, truth)).ledger.accepted).toBe(truth.arrival.accepted);
});
