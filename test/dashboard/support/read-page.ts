import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What is asked of an HTML table. */
interface TableElement {
  readonly rows: Iterable<{ readonly cells: Iterable<{ readonly textContent: string | null }> }>;
}

/** Waits until the page shows its answer, and can be used. */
export async function waitForAnswer(page: Page): Promise<void> {
  await page.locator('#app > [inert]').waitFor({ state: 'detached' });
  await page.locator('main section.card').first().waitFor();
  await page.locator('main [aria-busy="true"]').waitFor({ state: 'detached' });
}

/** Waits until everything of the page is drawn, its charts too. */
export async function waitForDrawing(page: Page): Promise<void> {
  await waitForAnswer(page);
  await page.waitForLoadState('networkidle');
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}

/** The large number of each card, by metric. */
export function readKpis(page: Page): Promise<Record<string, string>> {
  return readCards(page, '.kpi-value');
}

/** What each card says of its change, by metric. */
export function readChanges(page: Page): Promise<Record<string, string>> {
  return readCards(page, '.kpi-change');
}

/** What each card's number is of, by metric. */
export function readSpans(page: Page): Promise<Record<string, string>> {
  return readCards(page, '.kpi-span');
}

async function readCards(page: Page, part: string): Promise<Record<string, string>> {
  const cards = await page.locator('[data-metric]').all();
  const entries = cards.map(async (card) => [
    (await card.getAttribute('data-metric')) ?? '',
    (await card.locator(part).textContent()) ?? '',
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** The table of a card, as text: its head, then its rows. A chart is turned into its table first. */
export async function readTable(page: Page, title: string): Promise<string[][]> {
  const card = page.locator('section.card', {
    has: page.getByRole('heading', { name: title, exact: true, level: 2 }),
  });
  const toggle = card.getByRole('button', { name: `Table: ${title}`, exact: true });
  if ((await toggle.count()) > 0 && (await toggle.getAttribute('aria-pressed')) === 'false')
    await toggle.click();
  const table = card.locator('table').first();
  await table.waitFor();
  return table.evaluate((element) =>
    Array.from((element as unknown as TableElement).rows, ({ cells }) =>
      Array.from(cells, ({ textContent }) => textContent?.trim() ?? ''),
    ),
  );
}

/** How a page in American English writes a value. */
export const written = {
  count: (value: unknown) => write(value, { maximumFractionDigits: 0 }),
  decimal: (value: unknown) => write(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  money: (value: unknown) => write(value, { style: 'currency', currency: 'USD' }),
  share: (value: unknown) => write(value, { style: 'percent', maximumSignificantDigits: 3 }),
  rate: (value: unknown) =>
    write(value, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  change: (value: unknown) =>
    write(value, {
      style: 'percent',
      signDisplay: 'exceptZero',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }),
  seconds: (value: unknown) => {
    const [unit, size] = (
      [
        ['day', 86_400],
        ['hour', 3600],
        ['minute', 60],
      ] as const
    ).find(([, least]) => Number(value) >= least) ?? ['second', 1];
    const digits = unit === 'second' ? 0 : 1;
    return write(value === null || value === undefined ? null : Number(value) / size, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    });
  },
  day: (value: unknown) =>
    new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(String(value)),
    ),
  text: String,
} as const;

function write(value: unknown, options: Intl.NumberFormatOptions): string {
  return value === null || value === undefined
    ? '–'
    : new Intl.NumberFormat('en-US', options).format(Number(value));
}

/** How a row of an SQL answer stands on a page, by the kinds of its columns. */
export function writeRows(
  rows: readonly (readonly unknown[])[],
  kinds: readonly (keyof typeof written)[],
): string[][] {
  for (const row of rows) expect(row).toHaveLength(kinds.length);
  return rows.map((row) => row.map((value, n) => written[kinds[n] as keyof typeof written](value)));
}
