import type { QueryClient } from '@tanstack/react-query';

/** Answers that come with a page, as text that may stand in an element of HTML. */
export function writeKnown(answers: QueryClient): string {
  const known = answers
    .getQueryCache()
    .getAll()
    .flatMap(({ queryKey, state: { data } }) => (data === undefined ? [] : [[queryKey, data]]));
  return JSON.stringify(known).replaceAll('<', '\\u003c');
}

/** Takes such answers as if they had just been asked for. */
export function keepKnown(answers: QueryClient, text: string): void {
  const known = JSON.parse(text) as (readonly [readonly unknown[], unknown])[];
  for (const [key, data] of known) answers.setQueryData(key, data);
}
