import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readRows, withDuckDb } from '../src/engine/duckdb.ts';

/**
 * Runs backfill.sql on all cores. Takes RAW_FOLDER and OUT_FOLDER; prints JSON as backfill.py does: seconds by step, processor
 * seconds, and totals of the tables.
 */
const [raw = '', out = ''] = process.argv.slice(2);
const script = await readFile(join(import.meta.dirname, 'backfill.sql'), 'utf8');
const sql = script.replaceAll("'RAW/", `'${raw}/`).replaceAll("'OUT/", `'${out}/`);
const steps: Record<string, number> = {};
const totals = await withDuckDb({ threads: availableParallelism(), memoryMb: 4096 }, async (connection) => {
  for (const step of sql.split('\n-- step ').slice(1)) {
    const [name = ''] = step.split('\n', 1);
    const began = performance.now();
    await connection.run(step.slice(name.length));
    steps[name] = Number(((performance.now() - began) / 1000).toFixed(3));
  }
  const [found] = await readRows(
    connection,
    `SELECT sum(events)::DOUBLE AS events, sum(dau)::DOUBLE AS dau, sum(revenue)::DOUBLE AS revenue, sum(ad_revenue)::DOUBLE AS "adRevenue",
      sum(new_players)::DOUBLE AS "newPlayers",
      (SELECT sum(retained)::DOUBLE FROM retention_cohorts WHERE day_n = 1) AS "retainedOnDay1" FROM daily_metrics`,
  );
  return found;
});
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ steps, cpuSeconds: (user + system) / 1e6, totals }));
