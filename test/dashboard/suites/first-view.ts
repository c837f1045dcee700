import { expect, it, vi } from 'vitest';
import { readTable, waitForAnswer } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

/** What a page shows before its script runs. */
export function firstView(site: () => Site): void {
  /** HTML of a path, as soon as the answers for it are there in time. */
  const waitForFirstView = (path: string, words: string) =>
    vi.waitFor(
      async () => {
        const html = await (await fetch(site().urlOf(path))).text();
        expect(html.includes(words)).toBe(true);
        return html;
      },
      { timeout: 20_000, interval: 200 },
    );

  it('has the tables that the script shows', async () => {
    const title = 'Cohorts';
    await waitForFirstView(`/retention?${site().range}`, title);
    const ahead = await site().open(`/retention?${site().range}`, { javaScriptEnabled: false });
    const live = await site().show(`/retention?${site().range}`);
    await waitForAnswer(live.page);
    expect(await readTable(ahead.page, title)).toEqual(await readTable(live.page, title));
    await ahead.close();
  });

  it('is gone on from: what came with the page is not asked for again', async () => {
    await waitForFirstView(`/?${site().range}`, 'data-metric="dau"');
    const asked: string[] = [];
    const { page, expectClean, close } = await site().open('/health');
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(site().urlOf(`/?${site().range}`));
    await waitForAnswer(page);
    await page.waitForLoadState('networkidle');
    expect(asked).toContain('/');
    expect(asked.filter((path) => path === '/api/status' || path === '/api/overview')).toEqual([]);
    expectClean();
    await close();
  });

  it('holds what an address says as text and nothing else', async () => {
    const hostile = '</script><script>document.title="taken"</script>';
    const path = `/?${site().range}&platform=${encodeURIComponent(hostile)}`;
    const html = await waitForFirstView(path, 'No player is left');
    expect(html).not.toContain(hostile);
    expect(html).toContain(String.raw`\u003c/script>\u003cscript>document.title`);
    const { page, expectClean } = await site().show(path);
    await waitForAnswer(page);
    await page.getByText('No player is left').waitFor();
    expect(await page.title()).toBe('Overview · Questline');
    expectClean();
  });

  it.each(['"><b>', 'x-', 'tlh-KX', '*', '', 'de;q=0.1', 'a'.repeat(4000)])(
    'is there for a reader of the language “%s”',
    async (language) => {
      const response = await fetch(site().urlOf(`/?${site().range}`), {
        headers: { 'accept-language': language },
      });
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<div id="app"><div inert>');
    },
  );
}
