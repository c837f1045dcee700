import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { installRuntime } from '../../src/workers/runtime.ts';
import { interceptorsPath, workflowsPath } from '../../src/workers/workflow-bundle.ts';

installRuntime(pino({ level: 'silent' }));
const folder = join(projectRoot, 'test', 'histories');
const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));

async function replay(name: string, change: (text: string) => string = (text) => text): Promise<void> {
  const history = historyFromJSON(JSON.parse(change(await readFile(join(folder, name), 'utf8'))));
  const interceptors = { workflowModules: [interceptorsPath] };
  await Worker.runReplayHistory({ workflowsPath, interceptors, replayName: name }, history);
}

it('there is a history of each workflow, and of each way in which a day ends', async () => {
  expect(names.sort()).toEqual([
    'backfill.json',
    'daily.json',
    'day-accepted.json',
    'day-failed.json',
    'day-held.json',
    'day-published.json',
  ]);
  const text = await readFile(workflowsPath, 'utf8');
  const exported = [...text.matchAll(/export \{ (\w+) \}/g)].map(([, workflow]) => workflow);
  const types = names.map(async (name) => {
    const [started] = JSON.parse(await readFile(join(folder, name), 'utf8')).events;
    return started.workflowExecutionStartedEventAttributes.workflowType.name as string;
  });
  expect(new Set(await Promise.all(types))).toEqual(new Set(exported));
});

it.each(names)('%s, recorded from a real run, replays with today’s code', async (name) => {
  await replay(name);
});

it('a history that the code does not follow is told', async () => {
  await expect(
    replay('day-published.json', (text) => text.replaceAll('"clean"', '"polish"')),
  ).rejects.toThrow(/[Nn]ondeterminism|DETERMINISM/);
});
