import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { Answer, Read } from '../../../src/dashboard/api/routes.ts';
import { ensurePage } from '../../../src/dashboard/page/ensure-page.ts';
import { type Dashboard, startDashboard } from '../../../src/dashboard/server/start-dashboard.ts';
import type { Day } from '../../../src/domain/day.ts';
import { startBackfill } from '../../../src/operations/start-runs.ts';
import { queryTables } from '../../../src/query/query-tables.ts';
import { ObjectCache } from '../../../src/storage/object-cache.ts';
import { type OpenPage, type ShowPage, startBrowser } from '../../support/browser.ts';
import { landDays } from '../../support/synthetic.ts';
import { createWorld, type World } from '../../support/world.ts';

/** A published game with its dashboard, and a browser to look at it. */
export interface Site {
  readonly world: World;
  /** Its days, all published, the first one first. */
  readonly days: readonly Day[];
  /** `from=…&to=…` of all days. */
  readonly range: string;
  /** Write token. */
  readonly token: string;
  dashboard(): Dashboard;
  /** Ends the server, does something without it, and starts one on the same port. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Where a path of the page is. */
  urlOf(path: string): string;
  /** Opens a path of the page in a context of its own. */
  readonly open: OpenPage;
  /** Opens a path where the one before was shown, for who only looks. */
  readonly show: ShowPage;
  /** Asks the API for what a route answers. */
  read<R extends Read>(path: string, route: R): Promise<Answer<R>>;
  /** Lines of the server's log from warnings upwards, in the order they came. */
  readonly warnings: readonly string[];
  /** Asks the published tables. */
  ask(sql: string): Promise<(readonly unknown[])[]>;
  close(): Promise<void>;
}

const token = 'a-write-token-of-the-tests';

/** Lands days of a synthetic game, publishes them, and serves them; `name` has to be a test file's own. */
export async function createSite(
  name: string,
  count: number,
  settings: Readonly<Record<string, string>>,
): Promise<Site> {
  const world = await createWorld(name, { QUESTLINE_DASHBOARD_WRITE_TOKEN: token, ...settings });
  const folder = await mkdtemp(join(tmpdir(), `questline-${name}-test-`));
  const cache = new ObjectCache(folder, world.store);
  await world.startWorker();
  const days = await landDays(world.store, world.config, count);
  const [from, to] = [days[0] as Day, days.at(-1) as Day];
  await (await startBackfill(world.client, world.config, { from, to })).result();
  const { config, endpoints } = world;
  const page = await ensurePage(() => {});
  const warnings: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) });
  const start = (port: number) => startDashboard({ config, endpoints, cache, logger, page, port });
  let dashboard = await start(0);
  const browser = await startBrowser();
  return {
    world,
    days,
    range: `from=${from}&to=${to}`,
    token,
    dashboard: () => dashboard,
    restart: async (meanwhile) => {
      const port = Number(new URL(dashboard.url).port);
      await dashboard.stop();
      await meanwhile();
      dashboard = await start(port);
    },
    urlOf: (path) => `${dashboard.url}${path}`,
    open: (path, options, prepare) => browser.open(`${dashboard.url}${path}`, options, prepare),
    show: (path) => browser.show(`${dashboard.url}${path}`),
    read: async <R extends Read>(path: string, _route: R) => {
      const response = await fetch(`${dashboard.url}/api/${path}`);
      const body = (await response.json()) as { readonly error?: string };
      expect(body.error).toBeUndefined();
      expect(response.status).toBe(200);
      return body as unknown as Answer<R>;
    },
    warnings,
    ask: async (sql) => [...(await queryTables(world.store, cache, sql)).rows],
    close: async () => {
      await browser.close();
      await dashboard.stop();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
