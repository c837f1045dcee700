import { readBracket } from '../domain/bracket.ts';
import { readCurrencyRate } from '../domain/currency-rate.ts';
import { readFunnelStep } from '../domain/funnel.ts';
import { eventTypeNames, eventTypes, propertyOf } from '../schema/contract.ts';
import { listOf, textThat } from './fields.ts';

/** Dated rates of other currencies. */
export const currencyRates = listOf(
  textThat(
    (text) => readCurrencyRate(text) !== null,
    'expected a currency, the day from which it holds, and what one unit is worth, with up to 8 decimals, such as EUR 2026-01-01 1.0825',
  ),
  '[EUR 2026-01-01 1.0825, JPY 2026-01-01 0.0064]',
);

/** Steps of the conversion funnel, at least two. */
export const funnelSteps = listOf(
  textThat(
    isOfContract,
    `expected a name, = and an event type with values of its properties, such as level_5 = level_complete level=5 success=true; event types are ${eventTypeNames.join(', ')}`,
  ),
  '[registered = player_registered, first_purchase = purchase]',
).refine((steps) => steps.length >= 2, { error: 'expected at least two steps' });

/** Brackets of retention, each once. */
export const retentionBrackets = listOf(
  textThat(
    (text) => readBracket(text) !== null,
    'expected the first and the last day of a bracket, from 0 to 3650, such as 4-7',
  ),
  '[1-3, 4-7]',
).refine((brackets) => new Set(brackets).size === brackets.length, {
  error: 'expected each bracket once',
});

function isOfContract(text: string): boolean {
  const step = readFunnelStep(text);
  const type = eventTypeNames.find((name) => name === step?.event);
  if (step === null || type === undefined) return false;
  const carried = Object.keys(eventTypes[type]) as (keyof (typeof eventTypes)[typeof type])[];
  return Object.entries(step.where ?? {}).every(([name, value]) => {
    const property = carried.find((one) => one === name);
    return property !== undefined && isOfKind(propertyOf(property).kind, value);
  });
}

function isOfKind(kind: ReturnType<typeof propertyOf>['kind'], value: string | number | boolean): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'boolean') return typeof value === 'boolean';
  return typeof value === 'number' && (kind !== 'integer' || Number.isSafeInteger(value));
}
