import { isDay } from '../../../domain/day.ts';
import type { Dimension } from '../../api/scope.ts';

/** Names by which players are filtered, with what they are called. */
export const dimensionNames: Readonly<Record<Dimension, string>> = {
  platform: 'Platform',
  country: 'Country',
  segment: 'Segment',
  source: 'Acquisition source',
};

/** The dimensions, in the order of the filters. */
export const dimensions = Object.keys(dimensionNames) as Dimension[];

/** Ranges of the last complete days. */
export const presets = { '7d': 7, '14d': 14, '28d': 28, '90d': 90 } as const;

/** One of `presets`. */
export type Preset = keyof typeof presets;

const scopeKeys = [
  'range',
  'from',
  'to',
  'incomplete',
  'compare',
  ...dimensions,
  'acquiredFrom',
  'acquiredTo',
] as const;
const pageKeys = ['kind', 'show', 'cohorts', 'by', 'reason', 'object', 'limit', 'check'] as const;

/** The state of a page, as it stands in its URL; every part is text, and what is not there has its default. */
export type Search = { readonly [K in (typeof scopeKeys)[number] | (typeof pageKeys)[number]]?: string };

/** A change of some parts; undefined takes a part out. */
export type SearchChange = { readonly [K in keyof Search]?: string | undefined };

/** The part that goes along from page to page: days and players. */
export function keepScope(search: Search): Search {
  return pick(search, scopeKeys);
}

/** Reads a URL's state; what has no meaning here is left out. */
export function readSearch(raw: Record<string, unknown>): Search {
  return pick(raw, [...scopeKeys, ...pageKeys]);
}

function pick(raw: Record<string, unknown>, keys: readonly string[]): Search {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = raw[key];
      const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return isText && String(value) !== '' ? [[key, String(value)]] : [];
    }),
  );
}

/** What the parts that choose between ways to show may say. */
const choices = {
  compare: ['previous', 'none'],
  incomplete: ['true', 'false'],
  show: ['rate', 'count'],
} as const;

/** What is wrong with the parts that the server is not asked about; null when nothing is. */
export function problemOf(search: Search): string | null {
  for (const [key, known] of Object.entries(choices)) {
    const value = search[key as keyof typeof choices];
    if (value !== undefined && !known.some((one) => one === value))
      return `"${value.slice(0, 60)}" is no value of "${key}"; expected one of ${known.join(', ')}.`;
  }
  const notDay = search.cohorts?.split(',').find((cohort) => !isDay(cohort));
  return notDay === undefined
    ? null
    : `"${notDay.slice(0, 60)}" of "cohorts" is not a day; expected days as YYYY-MM-DD, with commas between them.`;
}

/** Values of a dimension that are chosen. */
export function valuesOf(search: Search, dimension: Dimension): string[] {
  return search[dimension]?.split(',') ?? [];
}
