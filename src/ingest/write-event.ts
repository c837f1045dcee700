import { propertyNames } from '../schema/contract.ts';
import { care } from './csv-row.ts';
import { kinds } from './json-scanner.ts';
import { type EventJudge, slots, typePlans } from './judge-event.ts';
import type { ObjectReader } from './object-reader.ts';
import type { RowWriter } from './row-writer.ts';

/** By event type, the properties that it carries, and how many columns are left out before each and after the last. */
const layouts = typePlans.map(({ carried }) => {
  const places = carried.map(({ slot }) => slot - slots.firstProperty);
  const gaps = places.map((place, n) => place - (places[n - 1] ?? -1) - 1);
  return {
    slots: carried.map(({ slot }) => slot),
    gaps,
    rest: propertyNames.length - 1 - (places.at(-1) ?? -1),
  };
});

/**
 * Writes the event that was judged last, and accepted, as a row: its four fields, then every property of the contract. `most` is the
 * length of its line.
 */
export function writeEvent(judge: EventJudge, row: RowWriter, most: number): void {
  const { reader } = judge;
  const layout = layouts[judge.type] as (typeof layouts)[number];
  row.beginRow(reader.bytes, most);
  for (let slot: number = slots.eventId; slot < slots.timestamp; slot += 1) {
    writeText(reader, slot, row);
    row.endField();
  }
  writeTimestamp(judge, row);
  for (let n = 0; n < layout.slots.length; n += 1) {
    row.endField(layout.gaps[n]);
    const slot = layout.slots[n] as number;
    const kind = reader.kinds[slot] as number;
    if (kind === kinds.text) writeText(reader, slot, row);
    else if (kind > kinds.null) writeScalar(judge, slot, row);
  }
  row.endField(layout.rest);
  row.endRow();
}

function writeText(reader: ObjectReader, slot: number, row: RowWriter): void {
  const start = reader.starts[slot] as number;
  const end = reader.ends[slot] as number;
  if (start === end || reader.care[slot] !== care.none) row.quote(reader.textOf(slot));
  else row.copy(start, end);
}

function writeTimestamp({ reader, replaced }: EventJudge, row: RowWriter): void {
  const text = replaced[slots.timestamp] as string;
  if (text !== '') row.plain(text);
  else row.copy(reader.starts[slots.timestamp] as number, (reader.ends[slots.timestamp] as number) - 1);
}

function writeScalar({ reader, replaced }: EventJudge, slot: number, row: RowWriter): void {
  const text = replaced[slot] as string;
  if (text !== '' && reader.kinds[slot] === kinds.number) row.plain(text);
  else row.copy(reader.starts[slot] as number, reader.ends[slot] as number);
}
