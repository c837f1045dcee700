import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ownStack } from '../infra/own-stack.ts';
import { printJson, say } from '../src/cli/output.ts';
import { measureQuestline } from './backfill/questline.ts';
import { printReport, type Round } from './backfill/report.ts';
import { findScripts, measureScript, type ScriptTimes } from './backfill/rivals.ts';

/**
 * Times what a first-time user waits for (starting, generating 30 days, running them without generation, running them again unchanged,
 * starting again over the data), where the time of the backfill goes, and beside it the same events through two plain scripts, in turn.
 */
const { values: options } = parseArgs({
  options: {
    repeat: { type: 'string', default: '1' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'boolean', default: false },
  },
});
const range = ['--from', '2026-01-01', '--to', '2026-01-30'];
const folder = await mkdtemp(join(tmpdir(), 'questline-bench-'));
const tell = (what: string, seconds: number) => say(`${what.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s`);

try {
  const scripts = await findScripts(options.python, say);
  const { run, remove } = await ownStack();
  await run('generate', ...range, '--out', folder, '--json');
  await remove();
  const rounds: Round[] = [];
  for (let n = 0; n < Number(options.repeat); n += 1) {
    const questline = await measureQuestline(range, tell);
    const others: Record<string, ScriptTimes> = {};
    for (const script of scripts) {
      const times = await measureScript(script, join(folder, 'raw'), folder);
      others[script.name] = times;
      tell(`${script.name}, three tables`, times.wallSeconds);
    }
    rounds.push({ questline, scripts: others });
  }
  if (options.json) printJson(rounds);
  else printReport(rounds);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
