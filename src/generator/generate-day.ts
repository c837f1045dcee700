import { addDays, type Day, daysBetween, startOfDay } from '../domain/day.ts';
import { type DefectCounts, noDefects, writeLines } from './defects.ts';
import { drawDayEvents } from './day-events.ts';
import { drawPlayer } from './player.ts';
import { playDay, replayLevel } from './progress.ts';
import { openStream } from './random.ts';
import type { GeneratorSpec } from './spec.ts';

/** What one day of synthetic events holds. */
export interface DaySummary {
  /** Events that happened, before any defect. */
  readonly events: number;
  readonly lines: number;
  /** Uncompressed. */
  readonly bytes: number;
  /** Players with at least one event. */
  readonly players: number;
  readonly defects: DefectCounts;
}

interface TimedLine {
  readonly at: number;
  readonly text: string;
}

const CHUNK_BYTES = 65_536;

/**
 * The events that land on a day as chunks of NDJSON, in the order of time, and at the end what they hold. Follows from the
 * spec and the day alone; before the launch there are none.
 */
export function* generateDay(spec: GeneratorSpec, day: Day): Generator<Buffer, DaySummary> {
  const dayNumber = daysBetween(spec.launchDay, day);
  const counts = { ...noDefects() };
  const lines: TimedLine[] = [];
  let events = 0;
  let players = 0;
  for (let index = 0; dayNumber >= 0 && index < spec.players; index += 1) {
    const made = generatePlayerDay(spec, day, dayNumber, index, counts, lines);
    events += made;
    if (made > 0) players += 1;
    if (index % 256 === 255) yield Buffer.alloc(0);
  }
  lines.sort((a, b) => a.at - b.at);
  let bytes = 0;
  let text = '';
  for (const line of lines) {
    text += line.text;
    if (text.length >= CHUNK_BYTES) {
      const chunk = Buffer.from(text);
      bytes += chunk.length;
      text = '';
      yield chunk;
    }
  }
  const rest = Buffer.from(text);
  yield rest;
  return { events, lines: lines.length, bytes: bytes + rest.length, players, defects: counts };
}

function generatePlayerDay(
  spec: GeneratorSpec,
  day: Day,
  dayNumber: number,
  index: number,
  counts: DefectCounts,
  lines: TimedLine[],
): number {
  const player = drawPlayer(spec.seed, index);
  if (player.acquiredOn > dayNumber || player.leavesOn <= dayNumber) return 0;
  const isWeekend = (n: number) => [0, 6].includes(new Date(startOfDay(addDays(spec.launchDay, n))).getUTCDay());
  const level = replayLevel(spec.seed, player, dayNumber, isWeekend);
  const { sessions } = playDay(spec.seed, player, dayNumber, isWeekend(dayNumber), level);
  const events = drawDayEvents(spec.seed, player, dayNumber, sessions);
  const random = openStream(spec.seed, index, 'defect', dayNumber);
  const reach = Math.min(5, dayNumber - player.acquiredOn);
  for (const event of events) writeLines(event, startOfDay(day), reach, spec.defects, random, counts, lines);
  return events.length;
}
