import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { isSlowRun } from '../support/slow.ts';

it('types, format, lint, dependency direction and unused code are as they should be', {
  timeout: 240_000,
}, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectRoot, 'infra', 'check.ts'), ...(isSlowRun ? [] : ['--quick'])],
    { encoding: 'utf8' },
  );
  expect(stdout + stderr).not.toMatch(/^✗/m);
  expect(status).toBe(0);
});
