import { topLevelFields } from '../schema/contract.ts';
import type { EventRecord } from './record.ts';

type FramePart = 'open' | 'afterId' | 'afterPlayer' | 'afterType' | 'toProperties' | 'close';

/** How events become lines, without their line ends; ASCII, but for bytes that are no UTF-8, as latin1. */
export interface LineFormat {
  /** Line before the first, or null. */
  readonly header: string | null;
  /** What stands before, between and after an event's id, player, type, timestamp and properties. */
  readonly frame: Readonly<Record<FramePart, string>>;
  /** A quotation mark within the properties. */
  readonly quote: string;
  /** A line of a record that may be spoilt: a field that is undefined is left out. */
  write(record: EventRecord): string;
  /** What stands for a line when it is no event at all. `dice` is from 0, below 1. */
  garble(line: string, dice: number): string;
  /** The beginning of a line. */
  cut(line: string, dice: number): string;
}

/** One JSON object a line. */
const ndjson: LineFormat = {
  header: null,
  frame: {
    open: '{"event_id":"',
    afterId: '","player_id":"',
    afterPlayer: '","event_type":"',
    afterType: '","timestamp":"',
    toProperties: '","properties":',
    close: '}',
  },
  quote: '"',
  write: (record) => JSON.stringify(record),
  garble: (line, dice) => {
    const variant = Math.floor(dice * 4);
    if (variant === 0) return `ERROR connection reset by peer, ${line.length} bytes not sent`;
    if (variant === 1) return `[${line}]`;
    if (variant === 2) return line.replaceAll('"', "'");
    return line.replace('"player_id":"', '"player_id":""');
  },
  cut: (line, dice) => line.slice(0, 20 + Math.floor(dice * (line.length - 30))),
};

/** RFC 4180: the contract's four fields, and `properties` as JSON text. */
const csv: LineFormat = {
  header: [...topLevelFields, 'properties'].join(','),
  frame: { open: '', afterId: ',', afterPlayer: ',', afterType: ',', toProperties: ',"', close: '"' },
  quote: '""',
  write: (record) => {
    const texts = topLevelFields.map((field) => textOf(record[field]));
    return `${texts.join(',')},"${JSON.stringify(record.properties).replaceAll('"', '""')}"`;
  },
  garble: (line, dice) => {
    const fields = line.slice(0, line.indexOf(',"')).split(',');
    return dice < 0.5 ? fields.slice(0, 3).join(',') : [...fields, ...fields, ...fields].join(',');
  },
  cut: (line, dice) => line.slice(0, 10 + Math.floor(dice * 80)),
};

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The formats by their names. */
export const lineFormats = { ndjson, csv } as const;
