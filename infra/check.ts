import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Every static check, by name: what `npm run check` runs, each to its end, so that all faults are told at once. `--quick` leaves
 * out those whose faults another one finds as well.
 */
const checks: Readonly<Record<string, readonly string[]>> = {
  types: ['typescript/bin/tsc', '--project', '.'],
  'types of the page': ['typescript/bin/tsc', '--project', 'src/dashboard/web'],
  format: ['@biomejs/biome/bin/biome', 'check', '.'],
  'lint and types': ['oxlint/bin/oxlint', '--type-aware', '--type-check', '--deny-warnings'],
  dependencies: [
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    'src',
    '--config',
    '.dependency-cruiser.json',
  ],
  unused: ['knip/bin/knip.js', '--no-progress'],
};

/** Compiled by TypeScript's own compiler, as editors do; the linter's native one looks for the same in a fraction of the time. */
const foundTwice = new Set(['types', 'types of the page']);

const isQuick = process.argv.includes('--quick');
const root = join(import.meta.dirname, '..');
const chosen = Object.entries(checks).filter(([name]) => !isQuick || !foundTwice.has(name));
const failed = chosen.filter(([name, [script = '', ...args]]) => {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`${status === 0 ? '✓' : '✗'} ${name}`);
  return status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
