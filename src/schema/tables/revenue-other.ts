import { date, events, money, players, text } from '../column.ts';
import type { Table } from '../table.ts';

/** `revenue_other`. */
export const revenueOther: Table = {
  row: 'A currency without a known rate on a date with purchases in it',
  definition:
    'Purchases that are left out of every `revenue`, because `pipeline.currencyRates` has no rate for their currency on the date.',
  key: ['date', 'currency'],
  madeFrom: ['events_cleaned'],
  columns: {
    date: date('UTC day.'),
    currency: text('ISO 4217 code.'),
    purchases: events('`purchase` events.'),
    payers: players('Distinct players who paid more than 0.'),
    amount: money('Sum of `amount`.', { unit: 'the row’s currency' }),
  },
};
