import type { Config } from '../config/schema.ts';
import { type Bracket, readBracket } from '../domain/bracket.ts';
import { type CurrencyRate, ratesOn, readCurrencyRate } from '../domain/currency-rate.ts';
import type { Day } from '../domain/day.ts';
import { type Funnel, readFunnelStep } from '../domain/funnel.ts';
import { onceFor } from '../domain/once.ts';
import { codeVersions } from '../storage/made.ts';
import { nameOf } from '../storage/sha256.ts';

/** The configured rates of other currencies. */
export function currencyRatesOf({ pipeline }: Config): CurrencyRate[] {
  return pipeline.currencyRates.map(readCurrencyRate).filter((rate) => rate !== null);
}

/** The configured conversion funnel: the same object for the same configuration, so that what is made from it can be kept with it. */
export const funnelOf = onceFor(({ tables }: Config): Funnel => {
  const steps = tables.funnelSteps.map(readFunnelStep).filter((step) => step !== null);
  return { windowDays: tables.funnelWindowDays, steps };
});

/** The configured brackets of retention: the same objects for the same configuration. */
export const bracketsOf = onceFor(({ tables }: Config): readonly Bracket[] =>
  tables.retentionBrackets.map(readBracket).filter((bracket) => bracket !== null),
);

/** Names what the tables of an event day follow from beside its rows: an event day that was built under another name is built again. */
export function rulesOfEventDay(config: Config, day: Day): string {
  const { clean, aggregate, sessions } = codeVersions;
  const { baseCurrency } = config.pipeline;
  const rates = ratesOn(day, currencyRatesOf(config), baseCurrency);
  return nameOf({ clean, aggregate, sessions, baseCurrency, rates, steps: funnelOf(config).steps });
}
