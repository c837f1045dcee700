import { expect, it } from 'vitest';
import { languageFor } from '../../src/dashboard/api/language.ts';

it.each([
  ['de-DE', 'de-DE'],
  ['pt-br', 'pt-BR'],
  [' ar ', 'ar'],
  ['en-US@posix', 'en-US'],
  ['c', 'en'],
  ['*', 'en'],
  ['', 'en'],
  ['"><b>', 'en'],
])('for a browser that calls its language “%s”, values are written in %s', (wanted, language) => {
  expect(languageFor(wanted)).toBe(language);
  expect(() => new Intl.NumberFormat(language)).not.toThrow();
});
