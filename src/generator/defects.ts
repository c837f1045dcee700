import { topLevelFields } from '../schema/contract.ts';
import type { SyntheticEvent } from './day-events.ts';
import { DAY_END } from './play.ts';
import type { RandomStream } from './random.ts';
import { type DefectKind, type DefectRates, defectKinds } from './spec.ts';

/** How many events came with each kind of defect, exactly. */
export type DefectCounts = Record<DefectKind, number>;

/** What one day's lines are written with. */
export interface LineWriter {
  /** Share of events with each defect. */
  readonly rates: DefectRates;
  /** `dates[n]` is the date n days before the day, for timestamps; 0 to `MOST_DAYS_LATE`. */
  readonly dates: readonly string[];
  /** Added to as lines are written. */
  readonly counts: DefectCounts;
  /** Takes a line, without its end, and when it arrives, in milliseconds after midnight. */
  add(at: number, line: string): void;
}

/** How many days late a late event is at most. */
export const MOST_DAYS_LATE = 5;

/** A count of none. */
export function noDefects(): DefectCounts {
  return { malformed: 0, missingField: 0, wrongType: 0, exactDuplicate: 0, conflictingDuplicate: 0, late: 0 };
}

/**
 * Writes an event as the one or two lines that land of it, with at most one defect, and counts what was done. `reach` is
 * for how many days the player has been there: an event is never late enough to be from before that.
 */
export function writeEvent(
  out: LineWriter,
  event: SyntheticEvent,
  reach: number,
  random: RandomStream,
): void {
  const kind = drawDefect(out.rates, random);
  const at = event.at;
  const days = kind === 'late' ? 1 + random.below(Math.min(reach, MOST_DAYS_LATE)) : 0;
  if (kind === null || (kind === 'late' && reach < 1)) {
    out.add(at, formatEvent(out, event, at, 0));
    return;
  }
  out.counts[kind] += 1;
  const line = formatEvent(out, event, at, days);
  switch (kind) {
    case 'malformed':
      return out.add(at, line.slice(0, 20 + random.below(line.length - 30)));
    case 'missingField':
      return out.add(at, dropField(line, random));
    case 'wrongType':
      return out.add(at, spoilType(line, event, random));
    case 'late':
      return out.add(at, line);
    case 'exactDuplicate':
      out.add(at, line);
      return out.add(at + 1 + random.below(60_000), line);
    case 'conflictingDuplicate':
      out.add(at, line);
      return out.add(at + 1000, formatEvent(out, event, at === DAY_END ? at - 1 : at + 1, 0));
  }
}

function drawDefect(rates: DefectRates, random: RandomStream): DefectKind | null {
  let rest = random.next();
  for (const kind of defectKinds) {
    rest -= rates[kind];
    if (rest < 0) return kind;
  }
  return null;
}

function dropField(line: string, random: RandomStream): string {
  const field = topLevelFields[random.below(topLevelFields.length)];
  return line.replace(new RegExp(`"${field}":"[^"]*",`), '');
}

function spoilType(line: string, event: SyntheticEvent, random: RandomStream): string {
  switch (random.below(3)) {
    case 0:
      return line.replace(`"properties":${event.properties}`, '"properties":"none"');
    case 1:
      return line.replace(/"timestamp":"[^"]*"/, `"timestamp":${event.at}`);
    default:
      return line.replace(`"player_id":"${event.player}"`, `"player_id":${random.below(1_000_000)}`);
  }
}

function formatEvent(out: LineWriter, event: SyntheticEvent, at: number, daysLate: number): string {
  const { id, player, type, properties } = event;
  return `{"event_id":"${id}","player_id":"${player}","event_type":"${type}","timestamp":"${out.dates[daysLate]}T${formatTime(at)}Z","properties":${properties}}`;
}

const digits = (count: number, width: number) =>
  Array.from({ length: count }, (_, n) => String(n).padStart(width, '0'));
const two = digits(60, 2);
const three = digits(1000, 3);

function formatTime(at: number): string {
  const seconds = Math.floor(at / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds % 60]}.${three[at % 1000]}`;
}
