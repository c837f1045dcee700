import { createProgress } from '../../infra/bootstrap/progress.mjs';
import { findReasonToSkip, type GeneratorPlan } from '../activities/generate.ts';
import type { Day } from '../domain/day.ts';
import type { Simulation } from '../generator/simulation.ts';
import { type DayTruth, describeRange, type RangeTruth } from '../generator/truth.ts';
import { landGeneratedDay, landGeneratedProfiles, landRangeTruth } from '../storage/land-generated.ts';
import type { ObjectSink } from '../storage/object-store.ts';
import { formatCount } from './output.ts';

/** What became of one day that was asked for. */
export interface GeneratedDay {
  readonly day: Day;
  readonly keys: readonly string[];
  readonly state: 'generated' | 'there already' | 'has landed data';
  readonly events: number;
  readonly lines: number;
  readonly bytes: number;
  readonly players: number;
}

/** What became of a range. */
export interface GeneratedRange {
  readonly days: readonly GeneratedDay[];
  /** Null when a day of the range was left out. */
  readonly truth: RangeTruth | null;
  /** Whether it was stopped before its end: the days that are there are whole. */
  readonly stopped: boolean;
}

type Reason = Awaited<ReturnType<typeof findReasonToSkip>>;

/**
 * Generates days in order into a bucket or folder, with profiles and truth, and tells on standard error how far and how fast.
 * Days with landed data are left alone. Nothing is written when one of the days holds events of another spec.
 */
export async function generateDays(
  sink: ObjectSink,
  simulation: Simulation,
  { spec, identity }: GeneratorPlan,
  days: readonly Day[],
  stop: AbortSignal,
): Promise<GeneratedRange> {
  const progress = createProgress();
  const task = progress.begin('events', 'looking at what is there');
  const made: GeneratedDay[] = [];
  const truths: DayTruth[] = [];
  const seen = { active: new Set<number>(), paid: new Set<number>() };
  let total = 0;
  try {
    const reasons: Reason[] = [];
    for (const day of days) reasons.push(await findReasonToSkip(sink, spec, day));
    const began = Date.now();
    const rate = (events: number) =>
      `${formatCount(Math.round((events * 1000) / Math.max(1, Date.now() - began)))} a second`;
    if (reasons.some((reason) => reason !== 'landed-data')) await landGeneratedProfiles(sink, simulation);
    for (const [n, day] of days.entries()) {
      const reason = reasons[n] ?? null;
      if (reason === 'landed-data') {
        made.push({ day, keys: [], state: 'has landed data', events: 0, lines: 0, bytes: 0, players: 0 });
        continue;
      }
      const truth = await landGeneratedDay(sink, simulation, identity, day, {
        onTurn: ({ events }) => {
          stop.throwIfAborted();
          const now = total + events;
          task.update(`${day}, day ${n + 1} of ${days.length}, ${formatCount(now)} so far, ${rate(now)}`);
        },
        onPlayer: (index, { active, paid }) => {
          if (active) seen.active.add(index);
          if (paid) seen.paid.add(index);
        },
      });
      made.push(describeDay(truth, reason));
      truths.push(truth);
      total += truth.simulated.events;
    }
    task.end(`${formatCount(total)} on ${truths.length} days, ${rate(total)}`);
  } catch (error) {
    if (!stop.aborted) throw error;
    return { days: made, truth: null, stopped: true };
  } finally {
    progress.stop();
  }
  const [first, ...rest] = truths;
  if (first === undefined || truths.length < days.length) return { days: made, truth: null, stopped: false };
  const truth = describeRange([first, ...rest], seen.active.size, seen.paid.size);
  await landRangeTruth(sink, truth);
  return { days: made, truth, stopped: false };
}

function describeDay({ day, simulated, arrival }: DayTruth, reason: Reason): GeneratedDay {
  const { events, players } = simulated;
  const { lines, bytes, objects } = arrival;
  const state = reason === null ? 'generated' : 'there already';
  return { day, keys: objects.map(({ key }) => key), state, events, lines, bytes, players };
}
