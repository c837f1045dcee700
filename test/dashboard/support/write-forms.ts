import type { Locator, Page } from 'playwright-core';

/** Gives the write token in a dialog that asks for it. */
export async function giveToken(dialog: Locator, token: string): Promise<void> {
  await dialog.getByLabel('Write token').fill(token);
}

const MOST_STOPS = 150;

/** Presses Tab until what has the focus goes by a name; what a person does who has no mouse. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let n = 0; n < MOST_STOPS; n += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await page.evaluate<string>(nameInFocus))) return;
  }
  throw new Error(`Tab does not lead to ${String(name)}`);
}

const nameInFocus = `(() => {
  const one = document.activeElement;
  const labels = [...(one.labels ?? [])].map((label) => label.textContent).join(' ');
  return (one.getAttribute('aria-label') ?? (labels || one.textContent)).trim();
})()`;
