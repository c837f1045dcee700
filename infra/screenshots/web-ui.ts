import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { searchAttributes } from '../../src/domain/pipeline.ts';
import type { OwnStack } from '../own-stack.ts';

/** Columns of the list, in Web UI's own names. */
const columns = [
  'Status',
  searchAttributes.day,
  searchAttributes.stage,
  searchAttributes.verdict,
  searchAttributes.trigger,
  'Workflow ID',
  'Start',
  'Execution Duration',
];

const held = '2026-01-31';
const failed = '2026-02-01';
const busy = '2026-02-02';

/** Pictures of Temporal Web UI: a finished backfill, a held gate, a failed one, a day under way, and the list with Questline's columns. */
export async function takeWebUi(
  stack: OwnStack,
  browser: Browser,
  { uiUrl, namespace }: { readonly uiUrl: string; readonly namespace: string },
  save: (name: string, page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  await context.addInitScript(
    `localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(JSON.stringify({ [namespace]: columns.map((label) => ({ label })) }))})`,
  );
  const page = await context.newPage();
  const open = async (path: string, words: string) => {
    await page.goto(`${uiUrl}/namespaces/${namespace}/workflows${path}`);
    await page.getByText(words).first().waitFor();
    await sleep(1500);
  };
  await open('/questline-backfill-2026-01-01-2026-01-30', 'Completed');
  await save('web-ui-backfill', page);
  await stack.run('run', held, '--generate', '--scenario', 'currency-bug', '--no-wait');
  await stack.run('run', failed, '--generate', '--scenario', 'null-flood').catch(() => '');
  await open(`/questline-day-${failed}`, 'Failed');
  await save('web-ui-failed-day', page);
  await open(`/questline-day-${held}`, 'Running');
  await save('web-ui-held-day', page);
  await stack.run('generate', '--from', busy, '--to', busy, '--players', '60000');
  await stack.run('run', busy, '--no-wait');
  await open(`/questline-day-${busy}`, 'Running');
  await save('web-ui-running-day', page);
  await open('', `questline-day-${busy}`);
  await save('web-ui-runs', page);
  await context.close();
}
