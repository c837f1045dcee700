import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { createLog } from '../../src/logging/logger.ts';
import { nameActivity } from '../../src/workers/activity-interceptor.ts';
import { installRuntime } from '../../src/workers/runtime.ts';
import { interceptorsPath } from '../../src/workers/workflow-bundle.ts';
import { readLogLines } from '../support/log-lines.ts';
import { createWorld } from '../support/world.ts';

it('lines that go through the SDK’s own loggers carry day, workflow and run, and the time they were written at', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'questline-interceptors-'));
  const world = await createWorld('interceptors');
  const settings = { QUESTLINE_LOGGING_CONSOLE: 'off', QUESTLINE_LOGGING_LEVEL: 'info' };
  const { config } = loadConfig({ ...process.env, ...settings });
  const log = await createLog(config, join(folder, 'worker.jsonl'));
  installRuntime(log.logger);
  const connection = await NativeConnection.connect({ address: world.endpoints.temporal.address });
  const taskQueue = 'test-interceptors-say';
  let saidAt = 0;
  const worker = await Worker.create({
    connection,
    namespace: world.endpoints.temporal.namespace,
    taskQueue,
    workflowsPath: join(import.meta.dirname, 'say-workflow.ts'),
    activities: {
      say: async () => {
        saidAt = Date.now();
        Context.current().log.warn('said in an activity', { more: 1 });
      },
    },
    interceptors: { activity: [nameActivity], workflowModules: [interceptorsPath] },
  });
  const [workflowId, day] = ['test-interceptors-say', '2026-01-03'];
  const run = async () => {
    const handle = await world.client.workflow.start('sayWorkflow', {
      taskQueue,
      workflowId,
      args: [{ day }],
    });
    await handle.result();
    return handle.firstExecutionRunId;
  };
  const runId = await worker.runUntil(run());
  await connection.close();
  await log.close();
  await world.close();
  const lines = readLogLines(join(folder, 'worker.jsonl')).filter((line) => 'workflowId' in line);
  const own = { day, workflowId, runId };
  expect(lines).toMatchObject([
    { msg: 'run begins', level: 'info', ...own },
    { msg: 'said in a workflow', level: 'info', workflowType: 'sayWorkflow', ...own },
    { msg: 'said in an activity', level: 'warn', stage: 'say', attempt: 1, more: 1, ...own },
    { msg: 'run ends', seconds: expect.any(Number), ...own },
  ]);
  const late = lines.map(({ time }) => Date.parse(time) - saidAt);
  expect(Math.abs(late[2] ?? Number.NaN)).toBeLessThan(50);
  expect(late).toEqual([...late].sort((a, b) => a - b));
  rmSync(folder, { recursive: true });
});
