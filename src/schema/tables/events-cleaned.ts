import { type Column, type ColumnType, date, instant, money, small, text } from '../column.ts';
import { type PropertyKind, propertyNames, propertyOf } from '../contract.ts';
import type { Table } from '../table.ts';

/** Column type of each kind of property. */
export const columnTypeOf: Readonly<Record<PropertyKind, ColumnType>> = {
  text: 'text',
  integer: 'whole',
  number: 'number',
  money: 'money',
  boolean: 'flag',
};

const properties = Object.fromEntries(
  propertyNames.map((name): [string, Column] => {
    const { kind, description, unit } = propertyOf(name);
    const nullWhen = 'the event does not carry it';
    return [name, { type: columnTypeOf[kind], unit: unit ?? null, definition: description, nullWhen }];
  }),
);

/** `events_cleaned`. */
export const eventsCleaned: Table = {
  row: 'An accepted event, each once',
  definition:
    'Every accepted event of the UTC day of its timestamp, whichever day it arrived on. Of the rows of one event id the one with the smallest arrival day, timestamp and row text stays.',
  key: ['player_id', 'timestamp', 'event_id'],
  madeFrom: ['raw objects'],
  columns: {
    event_id: text('Id of the event, given by the game.'),
    player_id: text('Id of the player, given by the game.'),
    event_type: text('One of the event types of the contract.'),
    timestamp: instant('When it happened.'),
    date: date('UTC day of the timestamp.'),
    hour: small('UTC hour of the timestamp, 0 to 23.'),
    weekday: small('Day of the week in UTC, 1 (Monday) to 7.'),
    arrival_day: date('Day under which it landed in the bucket.'),
    ...properties,
    currency: text('ISO 4217 code of `amount`; the base currency where a purchase names none.', {
      nullWhen: 'the event is no purchase',
    }),
    amount_base: money(
      '`amount` of a purchase in the base currency, by the rate that holds on the date, rounded half to even.',
      { nullWhen: 'the event is no purchase, or no rate is known for its currency' },
    ),
  },
};
