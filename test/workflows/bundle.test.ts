import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { bundleWorkflows } from '../../src/workers/workflow-bundle.ts';

const quiet = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  log: () => {},
  warn: () => {},
  error: () => {},
};

it('workflow code bundles without Node builtins, Polars, DuckDB or zod, and is found again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'questline-bundle-'));
  const first = await bundleWorkflows(folder, pino({ level: 'silent' }));
  const code = await readFile((first as { codePath: string }).codePath, 'utf8');
  for (const workflow of ['dayWorkflow', 'backfillWorkflow', 'dailyWorkflow'])
    expect(code).toContain(workflow);
  for (const stranger of ['nodejs-polars', '@duckdb', '@aws-sdk', 'node_modules/zod'])
    expect(code).not.toContain(stranger);
  expect(await bundleWorkflows(folder, pino({ level: 'silent' }))).toEqual(first);
  await rm(folder, { recursive: true });
});

it('a workflow that reaches for a Node builtin does not bundle', async () => {
  const folder = await mkdtemp(join(projectRoot, 'node_modules', '.bundle-test-'));
  const workflowsPath = join(folder, 'workflows.ts');
  await writeFile(
    workflowsPath,
    "import { readFileSync } from 'node:fs';\nexport async function bad() { return readFileSync('x'); }\n",
  );
  const said: string[] = [];
  const logger = { ...quiet, error: (message: string) => void said.push(message) };
  await expect(bundleWorkflowCode({ workflowsPath, logger })).rejects.toThrow('Webpack finished with errors');
  expect(said.join('\n')).toMatch(/ERROR in node:fs/);
  await rm(folder, { recursive: true });
});
