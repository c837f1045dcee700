import type { DayCount } from './day-count.ts';
import { EventLander, moneyWritten } from './land-event.ts';
import { lineFormats } from './line-format.ts';
import type { Simulation } from './simulation.ts';

/** What one file holds. */
export interface FileSummary {
  /** Lines with an event: a header is none. */
  readonly lines: number;
  /** Uncompressed, with the header. */
  readonly bytes: number;
}

/** Told of each player when what happened to him that day is counted. */
export type OnPlayer = (index: number, day: { readonly active: boolean; readonly paid: boolean }) => void;

const CHUNK_BYTES = 262_144;
const RUN_BYTES = 16 * 1024 ** 2;
const PLAYERS_A_TURN = 256;
const NOTHING = Buffer.alloc(0);

/**
 * One of the day's files as chunks of whole lines of up to 256 KiB, and at the end what it holds; everything of its players
 * that day is added to `count`. Lines are in the order of time, in runs of about 16 MiB, so that memory stays bounded.
 * Empty chunks come while players are simulated, so that the caller gets a turn.
 */
export function* generateFile(
  simulation: Simulation,
  count: DayCount,
  file: number,
  onPlayer: OnPlayer = () => {},
): Generator<Buffer, FileSummary> {
  const { spec } = simulation;
  const { header } = lineFormats[spec.output.format];
  const { pool } = simulation;
  const lander = new EventLander(pool, simulation);
  pool.clear();
  const [first, end] = playersOf(spec.model.players, spec.output.files, file);
  const amountFactor = simulation.scenario?.amountFactor ?? 1;
  let lines = 0;
  let bytes = 0;
  function* flush(): Generator<Buffer> {
    if (header !== null && lines === 0 && pool.lines > 0) {
      const line = Buffer.from(`${header}\n`);
      bytes += line.length;
      yield line;
    }
    lines += pool.lines;
    bytes += pool.size;
    yield* pool.read(CHUNK_BYTES);
    pool.clear();
  }
  for (let index = first; index < end; index += 1) {
    const events = simulation.eventsOf(index, count.dayNumber);
    if (events.length > 0) {
      const player = simulation.playerOf(index);
      for (const one of events) {
        const { event, fate } = one;
        if (fate.arrivalDay !== count.dayNumber) continue;
        count.addLanded(one, lander.land(event, fate, moneyWritten(event, fate, amountFactor)));
      }
      onPlayer(index, count.addPlayer(player, events));
    }
    if (pool.size > RUN_BYTES) yield* flush();
    if (index % PLAYERS_A_TURN === PLAYERS_A_TURN - 1) yield NOTHING;
  }
  yield* flush();
  return { lines, bytes };
}

/** The first player of a file, and the one after its last. */
function playersOf(players: number, files: number, file: number): [number, number] {
  return [Math.floor((players * file) / files), Math.floor((players * (file + 1)) / files)];
}
