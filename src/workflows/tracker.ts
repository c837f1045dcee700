import { defineQuery, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { AcceptedArrival } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import { sum } from '../domain/ledger.ts';
import type { Pace } from '../domain/pace.ts';
import type { DayOutcome, HeldNotice, Progress, PublishedResult } from '../domain/pipeline.ts';
import { describeProgress } from './details.ts';

/** What `questline run` and `backfill` follow a run by. */
export const progressQuery = defineQuery<Progress>('progress');

/** Keeps a run's progress, and tells it to Web UI and to the query at each change. */
export class Tracker {
  private stage: Progress['stage'] = 'accept';
  private readonly days = new Map<Day, DayOutcome>();
  private readonly startedAt = new Map<Day, number>();
  private eventDays = { planned: 0, built: 0 };
  private published: PublishedResult | null = null;
  private report = '';
  private pace: Pace | null = null;
  private stageSince = Date.now();
  private finished = 0;

  constructor(days: readonly Day[], soFar: readonly DayOutcome[] = []) {
    for (const outcome of soFar) this.days.set(outcome.day, outcome);
    for (const day of days) if (!this.days.has(day)) this.days.set(day, { day, state: 'waiting' });
    setHandler(progressQuery, () => this.progress);
    this.show();
  }

  /** The progress as it stands. */
  get progress(): Progress {
    return {
      stage: this.stage,
      days: this.outcomes,
      eventDays: this.eventDays,
      pace: this.pace,
      secondsLeft: this.estimateSecondsLeft(),
      published: this.published,
    };
  }

  /** Every day's outcome as it stands, in calendar order. */
  get outcomes(): DayOutcome[] {
    return [...this.days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  begin(day: Day): void {
    if (!this.startedAt.has(day)) this.startedAt.set(day, Date.now());
    this.set({ day, state: 'accepting' });
  }

  accept({ day, lines, acceptedByEventDay, rejected }: AcceptedArrival): void {
    const accepted = sum(Object.values(acceptedByEventDay));
    this.finish({ day, state: 'accepted', lines, accepted, rejected, ...this.seconds(day) });
  }

  /** `until`: when the run that tracks it stops waiting, ISO 8601 UTC. */
  hold({ day, lines, accepted, rejected, failed }: HeldNotice, until?: string): void {
    const deadline = until === undefined ? '' : ` until ${until}`;
    const failure = `On hold${deadline}: questline approve ${day} or reject ${day}. ${failed.join('; ')}`;
    this.finish({ day, state: 'held', lines, accepted, rejected, failure, ...this.seconds(day) });
  }

  isHeld(day: Day): boolean {
    return this.days.get(day)?.state === 'held';
  }

  /** Shows a day's report below its progress. */
  attach(report: string): void {
    this.report = report;
    this.show();
  }

  fail(day: Day, failure: string): void {
    this.finish({ day, state: 'failed', failure, ...this.seconds(day) });
  }

  cancel(day: Day): void {
    this.finish({ day, state: 'cancelled', ...this.seconds(day) });
  }

  enter(stage: Progress['stage']): void {
    if (stage !== this.stage) this.stageSince = Date.now();
    this.stage = stage;
    this.show();
  }

  keepPace(pace: Pace): void {
    this.pace = pace;
    this.show();
  }

  plan(eventDays: number): void {
    this.eventDays = { planned: eventDays, built: 0 };
    this.enter('build');
  }

  built(): void {
    this.eventDays = { ...this.eventDays, built: this.eventDays.built + 1 };
    this.show();
  }

  publish(days: readonly Day[], published: PublishedResult): void {
    this.published = published;
    for (const day of days) {
      const outcome = this.days.get(day);
      if (outcome?.state === 'accepted') this.days.set(day, { ...outcome, state: 'published' });
    }
    this.show();
  }

  private finish(outcome: DayOutcome): void {
    this.finished += 1;
    this.set(outcome);
  }

  private estimateSecondsLeft(): number | null {
    const passed = (Date.now() - this.stageSince) / 1000;
    if (this.stage === 'accept') {
      const left = [...this.days.values()].filter(
        ({ state }) => state === 'waiting' || state === 'accepting',
      );
      return secondsFor(left.length, this.finished, passed);
    }
    const { planned, built } = this.eventDays;
    return this.stage === 'build' ? secondsFor(planned - built, built, passed) : null;
  }

  private set(outcome: DayOutcome): void {
    this.days.set(outcome.day, outcome);
    this.show();
  }

  private seconds(day: Day): { seconds?: number } {
    const since = this.startedAt.get(day);
    return since === undefined ? {} : { seconds: (Date.now() - since) / 1000 };
  }

  private show(): void {
    const progress = describeProgress(this.progress, workflowInfo().namespace);
    setCurrentDetails(this.report === '' ? progress : `${progress}\n\n${this.report}`);
  }
}

const LEAST_FINISHED = 3;

function secondsFor(left: number, finished: number, seconds: number): number | null {
  return finished < LEAST_FINISHED ? null : Math.round((seconds / finished) * left);
}
