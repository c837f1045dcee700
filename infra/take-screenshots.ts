import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { loadConfig } from '../src/config/load.ts';
import { dataFolderOf } from '../src/stack/data-folder.ts';
import { resolveEndpoints } from '../src/stack/endpoints.ts';
import { readStackState } from '../src/stack/stack-state.ts';
import { launchBrowser } from './browser.ts';
import { ownStack } from './own-stack.ts';
import { takeDashboard } from './screenshots/dashboard.ts';
import { takeWebUi } from './screenshots/web-ui.ts';

/** Takes the pictures of docs/images from the default data, on servers of its own: what `npm run docs:screenshots` runs. */
const folder = join(import.meta.dirname, '..', 'docs', 'images');
const stack = await ownStack({ QUESTLINE_QUALITY_REVENUE_OUTLIERS_ACTION: 'hold' });
const browser = await launchBrowser();
const save = async (name: string, page: Page) => {
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`✓ docs/images/${name}.png`);
};
try {
  await stack.start();
  const { config } = loadConfig(stack.env);
  const { from, to } = config.demo;
  await stack.run('generate', '--from', from, '--to', to);
  await stack.run('backfill', '--from', from, '--to', to);
  const { temporal } = await resolveEndpoints(config);
  const state = await readStackState(dataFolderOf(config).state);
  const { dashboard } = state?.ports ?? {};
  if (dashboard === undefined || temporal.uiUrl === null)
    throw new Error('The stack has no dashboard or no Web UI.');
  await takeDashboard(browser, `http://127.0.0.1:${dashboard}`, save);
  const { uiUrl, namespace } = temporal;
  await takeWebUi(stack, browser, { uiUrl, namespace }, save);
} finally {
  await browser.close();
  await stack.remove();
}
process.exit();
