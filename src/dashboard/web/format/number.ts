import { byLanguage } from './locale.ts';

/** How a number is written. */
export type NumberKind = 'count' | 'decimal' | 'money' | 'rate' | 'share' | 'seconds';

/** What stands where nothing is known. */
export const UNKNOWN = '–';

const formats = byLanguage((locale) => ({
  count: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
  decimal: new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  rate: new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }),
  share: new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 3 }),
  axis: new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 2 }),
  axisRate: new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }),
  change: new Intl.NumberFormat(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }),
  second: formatOfUnit(locale, 'second', 0),
  minute: formatOfUnit(locale, 'minute', 1),
  hour: formatOfUnit(locale, 'hour', 1),
  day: formatOfUnit(locale, 'day', 1),
  monies: new Map<string, Intl.NumberFormat>(),
}));

function formatOfUnit(locale: string, unit: string, maximumFractionDigits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits });
}

function moneyFormat(currency: string): Intl.NumberFormat {
  const { monies, count } = formats();
  const known = monies.get(currency);
  if (known !== undefined) return known;
  const { locale } = count.resolvedOptions();
  const made = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 2 });
  monies.set(currency, made);
  return made;
}

/** A number as people read it; money in the base currency. */
export function formatNumber(value: number | null | undefined, kind: NumberKind, currency: string): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (kind === 'money') return moneyFormat(currency).format(value);
  if (kind === 'seconds') return formatSeconds(value);
  return formats()[kind].format(value);
}

/** The same where room is scarce. */
export function formatAxis(value: number, kind: NumberKind): string {
  if (kind === 'seconds') return formatSeconds(value);
  if (kind === 'share') return formats().share.format(value);
  return kind === 'rate' ? formats().axisRate.format(value) : formats().axis.format(value);
}

/** A change against before: `+3.2 %`. */
export function formatChange(change: number): string {
  return formats().change.format(change);
}

/** `45 s`, `12 min`, `3.4 h`, `2.1 d`. */
export function formatSeconds(seconds: number): string {
  const steps = [
    { unit: 'day', size: 86_400 },
    { unit: 'hour', size: 3600 },
    { unit: 'minute', size: 60 },
  ] as const;
  const { unit, size } = steps.find((step) => seconds >= step.size) ?? { unit: 'second' as const, size: 1 };
  return formats()[unit].format(seconds / size);
}
