import type { Day, DayRange } from '../domain/day.ts';
import type { BackfillResult, DayResult, DayState } from '../domain/pipeline.ts';
import type { RunState } from '../runs/last-run.ts';
import type { Runs, StartedRun } from './runs.ts';
import type { TellEvent } from './watch-event.ts';

/** A run that the watch follows. */
export interface Flight extends StartedRun {
  readonly kind: 'day' | 'backfill';
  readonly days: DayRange;
  readonly isHeld: boolean;
}

/** A run that has ended. */
export interface Landing {
  readonly flight: Flight;
  readonly run: RunState | null;
}

/** The runs that the watch has started or joined, until they end. */
export class Flights {
  private readonly runs: Runs;
  private readonly tell: TellEvent;
  private readonly flights = new Map<string, Flight>();

  constructor(runs: Runs, tell: TellEvent) {
    this.runs = runs;
    this.tell = tell;
  }

  add(kind: Flight['kind'], days: DayRange, run: StartedRun): void {
    this.flights.set(run.workflowId, { ...run, kind, days, isHeld: false });
  }

  /** How many run; one on hold waits for a person and does not count. */
  count(kind: Flight['kind']): number {
    return [...this.flights.values()].filter((flight) => flight.kind === kind && !flight.isHeld).length;
  }

  /** Looks how they are, tells of those that are on hold or have ended, and gives back the latter. */
  async check(withHeld: boolean): Promise<Landing[]> {
    const landings: Landing[] = [];
    for (const [id, flight] of this.flights) {
      if (flight.isHeld && !withHeld) continue;
      const run = await this.runs.read(id);
      if (run?.state === 'running') this.noteHold(flight, run.held);
      else {
        this.flights.delete(id);
        const text = run === null ? 'its run is not known any more' : describeEnd(flight, run);
        this.tell({ event: 'ended', days: flight.days, text, link: flight.link });
        landings.push({ flight, run });
      }
    }
    return landings;
  }

  private noteHold(flight: Flight, isHeld: boolean): void {
    this.flights.set(flight.workflowId, { ...flight, isHeld });
    if (!isHeld || flight.isHeld) return;
    const text = `on hold: a person decides (npx questline report ${flight.days.from})`;
    this.tell({ event: 'held', days: flight.days, text, link: flight.link });
  }
}

function describeEnd({ kind, days: { from } }: Flight, run: Exclude<RunState, { state: 'running' }>): string {
  const after = `after ${run.seconds.toFixed(1)} s`;
  if (run.state === 'failed') return `failed ${after}: ${describeFailure(from, run)}`;
  if (kind === 'day') return `${describeDay(run.result as DayResult)} ${after}`;
  return `${describeDays(run.result as BackfillResult)} ${after}`;
}

function describeDays({ days }: BackfillResult): string {
  const daysIn = (state: DayState) => days.filter((day) => day.state === state).map(({ day }) => day);
  const name = (some: readonly Day[]) => `${some.slice(0, 5).join(', ')}${some.length > 5 ? ', …' : ''}`;
  const rest = (['failed', 'held'] as const).flatMap((state) => {
    const some = daysIn(state);
    return some.length === 0 ? [] : [`${some.length} ${state} (${name(some)})`];
  });
  return [`${daysIn('published').length} days published`, ...rest].join(', ');
}

/** The first sentence says what is wrong; the run and the report have the rest. */
function describeFailure(day: Day, { failure, judged }: Extract<RunState, { state: 'failed' }>): string {
  const [line = ''] = failure.split('\n');
  const most = 240;
  const said = line.length > most ? `${line.slice(0, most - 1)}…` : line;
  return judged === null
    ? `${said} It is run again when something lands.`
    : `${said} (npx questline report ${day})`;
}

function describeDay({ arrival: { lines, rejected }, published }: DayResult): string {
  if (published === null) return 'accepted';
  const counts = `${lines.toLocaleString('en-US')} lines, ${rejected.toLocaleString('en-US')} rejected,`;
  return published.outcome === 'unchanged' ? `as published: ${counts}` : `published: ${counts}`;
}
