import { type Day, isDay } from './day.ts';

/** From a day on, what one unit of a currency is worth in the base currency; a decimal as text. */
export interface CurrencyRate {
  readonly currency: string;
  readonly from: Day;
  readonly rate: string;
}

/** The rates that hold on a day by currency, sorted; the base currency's is 1. */
export function ratesOn(
  day: Day,
  rates: readonly CurrencyRate[],
  baseCurrency: string,
): Readonly<Record<string, string>> {
  const valid = rates
    .filter(({ from }) => from <= day)
    .sort((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ currency, rate }) => [currency, rate] as const);
  const latest = Object.entries({ ...Object.fromEntries(valid), [baseCurrency]: '1' });
  return Object.fromEntries(latest.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Reads `EUR 2026-01-01 1.0825`; null when it is no rate. */
export function readCurrencyRate(text: string): CurrencyRate | null {
  const [, currency, from, rate] =
    /^([A-Z]{3}) (\d{4}-\d{2}-\d{2}) (\d{1,10}(?:\.\d{1,8})?)$/.exec(text) ?? [];
  if (currency === undefined || rate === undefined || from === undefined || !isDay(from)) return null;
  return Number(rate) > 0 ? { currency, from: from as Day, rate } : null;
}
