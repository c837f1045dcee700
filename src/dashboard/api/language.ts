const NO_LANGUAGE = 'en';

/**
 * The language tag by which values are written for a reader whose browser names this one: itself, and English where it is none.
 * Chromium adds what its system says of itself, as in `en-US@posix`, which is left out.
 */
export function languageFor(wanted: string): string {
  const [tag = ''] = wanted.trim().split('@', 1);
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? NO_LANGUAGE;
  } catch {
    return NO_LANGUAGE;
  }
}
