import type { SyntheticEvent } from './day-events.ts';
import type { RandomStream } from './random.ts';
import type { DefectRates } from './spec.ts';

/** How many lines came with each defect, exactly. */
export type DefectCounts = { -readonly [Kind in keyof DefectRates]: number };

/** A count of none. */
export function noDefects(): DefectCounts {
  return { malformed: 0, missingField: 0, wrongType: 0, exactDuplicate: 0, conflictingDuplicate: 0, late: 0 };
}

const DAY_MS = 86_400_000;

/** Writes an event as the one or two lines that land of it, each defect with its own chance, and counts what was done. */
export function writeLines(
  event: SyntheticEvent,
  dayStart: number,
  reach: number,
  rates: DefectRates,
  random: RandomStream,
  counts: DefectCounts,
  lines: { push(line: { readonly at: number; readonly text: string }): unknown },
): void {
  const kind = drawDefect(rates, reach, random);
  const instant = dayStart + event.at;
  const put = (text: string, delay = 0) => lines.push({ at: event.at + delay, text: `${text}\n` });
  const good = formatEvent(event, instant);
  if (kind !== null) counts[kind] += 1;
  switch (kind) {
    case 'malformed':
      return void put(good.slice(0, 20 + Math.floor(random.next() * (good.length - 30))));
    case 'missingField':
      return void put(good.replace(`"player_id":"${event.player}",`, ''));
    case 'wrongType':
      return void put(`${good.slice(0, good.indexOf('"properties":'))}"properties":"none"}`);
    case 'late':
      return void put(formatEvent(event, instant - DAY_MS * (1 + Math.floor(random.next() * reach))));
    case 'exactDuplicate':
      put(good);
      return void put(good, 1 + Math.floor(random.next() * 60_000));
    case 'conflictingDuplicate':
      put(good);
      return void put(formatEvent(event, instant + 1 <= dayStart + DAY_MS - 1 ? instant + 1 : instant - 1), 1000);
    default:
      put(good);
  }
}

function drawDefect(rates: DefectRates, reach: number, random: RandomStream): keyof DefectRates | null {
  let rest = random.next();
  for (const kind of Object.keys(rates) as (keyof DefectRates)[]) {
    rest -= rates[kind];
    if (rest < 0) return kind === 'late' && reach < 1 ? null : kind;
  }
  return null;
}

function formatEvent(event: SyntheticEvent, instant: number): string {
  const timestamp = new Date(instant).toISOString();
  return `{"event_id":"${event.id}","player_id":"${event.player}","event_type":"${event.type}","timestamp":"${timestamp}","properties":${event.properties}}`;
}
