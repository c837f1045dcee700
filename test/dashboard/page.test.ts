import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findChromium } from '../../infra/browser.ts';
import { projectRoot } from '../../src/config/load.ts';
import { ensurePage, PageError, partsOfPage } from '../../src/dashboard/page/ensure-page.ts';
import { stampOfPage } from '../../src/dashboard/page/page-stamp.ts';
import { type Dashboard, startDashboard } from '../../src/dashboard/server/start-dashboard.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

const robots = 'src/dashboard/web/public/robots.txt';
let scratch: string;
let root: string;
let page: string;
const said: string[] = [];
const ensure = () => ensurePage((text) => said.push(text), root);

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'questline-page-'));
  root = join(scratch, 'project');
  await mkdir(root);
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src/dashboard', 'src/domain'])
    await cp(join(projectRoot, name), join(root, name), { recursive: true });
  await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  page = await ensure();
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const asset = async () => {
  const names = await readdir(join(partsOfPage(page).assets, 'assets'));
  return `/assets/${names.find((name) => name.endsWith('.js')) ?? ''}`;
};

describe('the build', () => {
  it('makes the page for production, each text compressed twice', async () => {
    expect(said).toEqual([
      expect.stringContaining('building the dashboard’s page'),
      expect.stringMatching(/is built \(\d+\.\d s\)/),
    ]);
    const { assets, firstView } = partsOfPage(page);
    const path = join(assets, await asset());
    const script = await readFile(path);
    expect(brotliDecompressSync(await readFile(`${path}.br`))).toEqual(script);
    expect(gunzipSync(await readFile(`${path}.gz`))).toEqual(script);
    expect(script.toString()).not.toContain('jsxDEV');
    for (const name of ['index.html', 'icon.svg']) expect(existsSync(join(assets, `${name}.br`))).toBe(true);
    expect(await readFile(firstView, 'utf8')).not.toContain('jsxDEV');
  });

  it('is not done again while nothing has changed', async () => {
    const before = said.length;
    expect(await ensure()).toBe(page);
    expect(said).toHaveLength(before);
  });

  it('that was killed half way is begun anew, once by two at the same time, and leaves the one before', async () => {
    await writeFile(join(root, robots), 'User-agent: *\n');
    const partial = join(dirname(page), `${await stampOfPage(root)}.partial`);
    await mkdir(partial);
    await writeFile(join(partial, 'half.js'), '');
    const before = said.length;
    const [one, other] = await Promise.all([ensure(), ensure()]);
    expect(one).toBe(other);
    expect(one).not.toBe(page);
    expect(said.slice(before).filter((text) => text.includes('is built'))).toHaveLength(1);
    expect(existsSync(join(partsOfPage(one).assets, 'robots.txt.gz'))).toBe(true);
    expect(existsSync(partsOfPage(one).firstView)).toBe(true);
    expect(existsSync(join(one, 'half.js'))).toBe(false);
    expect(existsSync(partial)).toBe(false);
    expect(existsSync(page)).toBe(true);
    await rm(join(root, robots));
    expect(await ensure()).toBe(page);
  });

  it('that fails says why and what to do, and leaves what was there', async () => {
    const source = join(root, 'src/dashboard/web/main.tsx');
    const text = await readFile(source, 'utf8');
    await appendFile(source, 'nothing(;\n');
    const error = await ensure().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PageError);
    expect((error as Error).message).toMatch(/main\.tsx/);
    expect((error as Error).message).toContain('npm run build:dashboard');
    expect((error as Error).message).not.toMatch(/^\s+at /m);
    await writeFile(source, text);
    expect(await ensure()).toBe(page);
  });
});

describe('the server', () => {
  let world: World;
  let dashboard: Dashboard;
  let browser: TestBrowser;

  beforeAll(async () => {
    world = await createWorld('page', { QUESTLINE_DASHBOARD_TOKEN: 'a-token-of-the-tests' });
    const { config, endpoints } = world;
    const cache = new ObjectCache(join(scratch, 'cache'), world.store);
    const logger = pino({ level: 'silent' });
    dashboard = await startDashboard({ config, endpoints, cache, logger, page, port: 0 });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await dashboard.stop();
    await world.close();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${dashboard.url}${path}`, { headers });

  it.each(['/', '/retention', '/funnels', '/days/2026-01-05', '/health?from=2026-01-01&to=2026-01-30'])(
    '%s is the page, which is asked for again each time, and holds no data where a token is wanted',
    async (path) => {
      const response = await get(path, { 'accept-encoding': 'br' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toMatch(/(?:^|;)script-src 'self'(?:;|$)/);
      expect(await response.text()).toContain('<div id="app"></div>');
    },
  );

  it.each(['br', 'gzip', 'identity'])('an asset comes as %s and may be kept for ever', async (encoding) => {
    const path = await asset();
    const response = await get(path, { 'accept-encoding': encoding });
    expect(response.headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toMatch(/javascript/);
    expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(await response.text()).toBe(await readFile(join(partsOfPage(page).assets, path), 'utf8'));
  });

  it.each(['/assets/index-00000000.js', '/favicon.ico', '/api', '/api/nothing', '/docs/nothing'])(
    '%s, which is not there, is told as a problem',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ code: 'not-found', error: expect.stringContaining(path) });
    },
  );

  it('what is posted to a view of the page is not there', async () => {
    const response = await fetch(`${dashboard.url}/retention`, { method: 'POST' });
    expect(response.status).toBe(404);
  });

  it.each([
    '/../package.json',
    '/assets/../../../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/%252e%252e/package.json',
    '/..\\..\\package.json',
    '/..%5c..%5cpackage.json',
    '/retention%00.html',
    '/assets/.%00./x',
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/../../package.json',
    '//etc/passwd',
    '/%zz',
    '/%61pi/status',
  ])('%s leads nowhere', async (path) => {
    const answer = await askRaw(dashboard.url, path);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('"error":"');
    expect(answer).not.toContain('"dependencies"');
  });

  it('long answers of the API are compressed, short ones are not', async () => {
    const long = await get('/api/openapi.json', { 'accept-encoding': 'gzip, br' });
    expect(long.headers.get('content-encoding')).toBe('br');
    const short = await get('/api/nothing', { 'accept-encoding': 'gzip, br' });
    expect(short.headers.get('content-encoding')).toBeNull();
  });

  it('the API tells of itself without the token, and which operations want it', async () => {
    const { paths, components } = (await (await get('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security?: unknown }>>;
      components: { securitySchemes: unknown };
    };
    expect(components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
    expect(paths['/api/overview']?.['get']?.security).toEqual([{ bearer: [] }]);
    expect(paths['/api/runs']?.['post']?.security).toEqual([{ bearer: [] }]);
    expect((await get('/api/status')).status).toBe(401);
  });

  it('the page runs in a browser under its policy, and asks for the token that it is read with', async () => {
    const { page: shown, expectClean, close } = await browser.open(`${dashboard.url}/`);
    const dialog = shown.getByRole('dialog', { name: 'Sign in' });
    for (const [given, words] of [
      ['a-wrong-token', 'This is not the token'],
      ['a-token-of-the-tests', 'Nothing is published yet'],
    ] as const) {
      await dialog.getByLabel('Token').fill(given);
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await shown.getByText(words).first().waitFor();
    }
    expectClean(/status of 40[14]/);
    await close();
  });

  it.each(['/docs', '/docs/'])(
    '%s shows the API in a browser, under the policy and from here alone',
    async (path) => {
      const opened = await browser.open(`${dashboard.url}${path}`);
      await opened.page.getByText('/api/overview').waitFor();
      await opened.page.getByRole('button', { name: 'Authorize' }).click();
      await opened.page.getByText('bearer (http, Bearer)').waitFor();
      opened.expectClean();
    },
  );

  it('what a page complains of is seen', async () => {
    const inline = `document.body.append(Object.assign(document.createElement('script'), { textContent: 'let a' }))`;
    const elsewhere = `void fetch('http://127.0.0.1:9/').catch(() => {})`;
    const strict = await browser.open(dashboard.url);
    await strict.page.evaluate(inline);
    await strict.page.evaluate(elsewhere);
    const told = () => strict.complaints.filter((one) => !/status of 401/.test(one));
    await vi.waitFor(() => expect(told()).toHaveLength(3));
    expect(told()[0]).toMatch(/inline script violates .*script-src 'self'/);
    expect(() => strict.expectClean()).toThrow();
    const loose = await browser.open(dashboard.url, { bypassCSP: true });
    await loose.page.evaluate(elsewhere);
    await loose.page.evaluate(`setTimeout(() => { throw new Error('of the page') })`);
    await vi.waitFor(() =>
      expect(loose.complaints).toEqual(
        expect.arrayContaining([
          'request to another origin: http://127.0.0.1:9/',
          expect.stringMatching(/^script: Error: of the page/),
        ]),
      ),
    );
  });

  it('a browser is found where it is said to be, else on PATH, else in a package', async () => {
    expect(await findChromium({ CHROMIUM_PATH: '/opt/some/chromium', PATH: '' })).toBe('/opt/some/chromium');
    const packaged = await findChromium({ PATH: '' });
    expect(existsSync(packaged)).toBe(true);
  });
});

/** What the server answers to a path as it stands: what makes requests in other ways would tidy it first. */
async function askRaw(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
  const chunks: string[] = [];
  for await (const chunk of socket) chunks.push(String(chunk));
  return chunks.join('');
}
