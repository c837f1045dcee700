import { addDays, type Day, daysBetween, startOfDay } from '../domain/day.ts';
import { drawDayEvents } from './day-events.ts';
import { type DefectCounts, type LineWriter, MOST_DAYS_LATE, noDefects, writeEvent } from './defects.ts';
import { LinePool } from './line-pool.ts';
import { type IsWeekend, playDay, replayLevel } from './play.ts';
import { drawPlayer, planAcquisition, type SyntheticPlayer } from './player.ts';
import { openStream } from './random.ts';
import type { GeneratorSpec } from './spec.ts';

/** What one day of synthetic events holds. */
export interface DaySummary {
  /** Events that happened, before any defect; a late one counts on the day whose file it is in. */
  readonly events: number;
  readonly lines: number;
  /** Uncompressed. */
  readonly bytes: number;
  /** Players who played that day. */
  readonly players: number;
  readonly defects: DefectCounts;
}

const CHUNK_BYTES = 65_536;
const PLAYERS_A_TURN = 256;
const NOTHING = Buffer.alloc(0);

/**
 * The events that land on a day as chunks of NDJSON of up to 64 KiB, in the order of time, and at the end what they hold.
 * Empty chunks come while players are simulated, so that the caller gets a turn. Follows from the spec and the day alone;
 * before the launch there are no events.
 */
export function* generateDay(spec: GeneratorSpec, day: Day): Generator<Buffer, DaySummary> {
  const dayNumber = daysBetween(spec.launchDay, day);
  const acquisition = planAcquisition(spec);
  const isWeekend = weekendsFrom(spec.launchDay);
  const pool = new LinePool();
  const out: LineWriter = {
    rates: spec.defects,
    dates: Array.from({ length: MOST_DAYS_LATE + 1 }, (_, n) => addDays(day, -n)),
    counts: noDefects(),
    add: (at, line) => pool.add(at, line),
  };
  let events = 0;
  let players = 0;
  const end = dayNumber < 0 ? 0 : spec.players;
  for (let index = 0; index < end; index += 1) {
    const player = drawPlayer(spec.seed, index, acquisition);
    const made = writePlayerDay(out, spec.seed, player, dayNumber, isWeekend);
    events += made;
    if (made > 0) players += 1;
    if (index % PLAYERS_A_TURN === PLAYERS_A_TURN - 1) yield NOTHING;
  }
  yield* pool.read(CHUNK_BYTES);
  return { events, lines: pool.lines, bytes: pool.size, players, defects: out.counts };
}

function writePlayerDay(
  out: LineWriter,
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  isWeekend: IsWeekend,
): number {
  if (player.acquiredOn > dayNumber || player.leavesOn <= dayNumber) return 0;
  const level = replayLevel(seed, player, dayNumber, isWeekend);
  const { sessions } = playDay(seed, player, dayNumber, isWeekend(dayNumber), level);
  const events = drawDayEvents(seed, player, dayNumber, sessions);
  const random = openStream(seed, player.index, 'defects', dayNumber);
  for (const event of events) writeEvent(out, event, dayNumber - player.acquiredOn, random);
  return events.length;
}

function weekendsFrom(launchDay: Day): IsWeekend {
  const weekday = new Date(startOfDay(launchDay)).getUTCDay();
  return (dayNumber) => (weekday + dayNumber) % 7 === 0 || (weekday + dayNumber) % 7 === 6;
}
