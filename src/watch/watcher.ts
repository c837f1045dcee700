import { type Day, isDay, listDays } from '../domain/day.ts';
import { dayWorkflowId } from '../domain/pipeline.ts';
import type { RunState } from '../runs/last-run.ts';
import { mapAtOnce } from '../storage/at-once.ts';
import { type DataChange, nameData } from '../storage/landed.ts';
import { classifyRawKey } from '../storage/list-landed.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { describeChange } from './describe-change.ts';
import { Flights, type Landing } from './flights.ts';
import { planStarts, type Start } from './plan-starts.ts';
import { Published } from './published.ts';
import { QuietPeriod } from './quiet-period.ts';
import { type LookSettings, PROFILES, RawView } from './raw-view.ts';
import type { Runs } from './runs.ts';
import type { TellEvent } from './watch-event.ts';

/** How the watch works. */
export interface WatchSettings extends LookSettings {
  readonly quietMs: number;
  /** Days' runs at once. */
  readonly concurrency: number;
}

/** A day whose data is other than what is published, and has not been tried. */
interface DueDay {
  readonly day: Day;
  readonly name: string;
  readonly change: DataChange;
}

const FOLLOW_MS = 1000;
const AT_ONCE = 16;

/**
 * Starts a run for each day whose raw data is other than what is published, once nothing more has landed for it for a while. All that
 * it knows is in memory and follows from the bucket and from Temporal: whoever starts it again loses nothing.
 */
export class Watcher {
  private readonly runs: Runs;
  private readonly settings: WatchSettings;
  private readonly tell: TellEvent;
  private readonly published: Published;
  private readonly quiet: QuietPeriod;
  private readonly raw: RawView;
  private readonly flights: Flights;
  /** Data for which a run was started here: when that run did not publish it, another would not either. */
  private readonly started = new Map<string, string>();
  /** Days that are due and wait for room. */
  private readonly waiting = new Set<Day>();

  constructor(store: ObjectStore, runs: Runs, settings: WatchSettings, tell: TellEvent) {
    this.runs = runs;
    this.settings = settings;
    this.tell = tell;
    this.published = new Published(store);
    this.quiet = new QuietPeriod(settings.quietMs);
    this.raw = new RawView(store, settings, this.published, this.quiet);
    this.flights = new Flights(runs, tell);
  }

  /** An object under `raw/` was written or removed. */
  touch(key: string, now: number): void {
    const found = classifyRawKey(key);
    if (found.kind === 'stray') {
      const text = `${key} lies under no day, so nothing reads it: expected raw/dt=YYYY-MM-DD/`;
      this.tell({ event: 'left', days: null, text, link: null });
    } else if (found.kind === 'profiles') this.quiet.touch(PROFILES, now);
    else if ('day' in found && found.day >= (this.settings.from ?? found.day))
      this.quiet.touch(found.day, now);
  }

  /** Notifications come, or do not come any more. */
  setNotified(on: boolean): void {
    this.raw.setNotified(on);
  }

  /** When there is something to do next. */
  nextAt(now: number): number {
    const isFollowing = this.flights.count('day') + this.flights.count('backfill') > 0;
    return Math.min(
      this.raw.nextAt,
      this.quiet.nextAt(now),
      isFollowing ? now + FOLLOW_MS : Number.POSITIVE_INFINITY,
    );
  }

  /** Days and profiles that differ from what is published and are not yet quiet, or wait for room. */
  get pending(): readonly string[] {
    return this.quiet.pending;
  }

  /** Looks, follows and starts what there is at this moment; safe to be called again after it failed in the middle. */
  async pass(now: number): Promise<void> {
    const looked = await this.raw.look(now);
    for (const landing of await this.flights.check(looked)) this.land(landing, now);
    const ripe = this.quiet.ripe(now);
    if (ripe.length === 0) return;
    await this.published.refresh();
    const due = await this.findDue(ripe.filter((key) => isDay(key)) as Day[], now);
    for (const start of this.plan(due, now)) await this.start(start, due);
    if (ripe.includes(PROFILES)) await this.republish(due.length, now);
  }

  /** A run has ended: its days are looked at again, since more may have landed for them meanwhile. */
  private land({ flight: { kind, days } }: Landing, now: number): void {
    if (kind === 'backfill') this.raw.wantSweep();
    else this.quiet.wake(days.from, now);
    for (const day of this.waiting) this.quiet.wake(day, now);
    this.waiting.clear();
  }

  private async findDue(days: readonly Day[], now: number): Promise<DueDay[]> {
    const judged = await mapAtOnce(days, AT_ONCE, (day) => this.judge(day, now));
    const due = judged.filter((one) => one !== null);
    const underWay = due.length === 0 ? new Set<Day>() : await this.runs.listDaysUnderWay();
    for (const day of underWay) this.quiet.wake(day, now + this.settings.pollMs);
    return due.filter(({ day }) => !underWay.has(day));
  }

  /** Whether a day is to be run; what is not, is settled or looked at later. */
  private async judge(day: Day, now: number): Promise<DueDay | null> {
    const landed = await this.raw.listDay(day);
    const change = this.published.compareDay(day, landed);
    const name = nameData(landed);
    if (change === null) {
      this.quiet.forget(day);
      return null;
    }
    if (landed.objects.length === 0) {
      return this.leave(day, 'nothing', 'every raw object was removed; what was published stays');
    }
    this.quiet.see(day, name, now);
    if (!this.quiet.isRipe(day, now)) return null;
    const run = await this.runs.read(dayWorkflowId(day));
    if (run?.state === 'running') return this.join({ day, name, change });
    if (hasJudged(run, name)) {
      const isKnown = this.started.get(day) === name;
      return this.leave(
        day,
        name,
        isKnown ? null : `not run again: its gate has failed for these very objects`,
      );
    }
    return this.started.get(day) === name ? this.leave(day, name, null) : { day, name, change };
  }

  private leave(day: Day, name: string, text: string | null): null {
    this.quiet.settle(day, name);
    if (text !== null) this.tell({ event: 'left', days: { from: day, to: day }, text, link: null });
    return null;
  }

  /** Lets the run that is under way look again. It may be past that, so that the day is looked at when it has ended. */
  private async join({ day, name, change }: DueDay): Promise<null> {
    const days = { from: day, to: day };
    const run = await this.runs.startDay(day);
    this.quiet.settle(day, name);
    this.flights.add('day', days, run);
    const text = `its run looks again: ${describeChange(change)}`;
    this.tell({ event: 'joined', days, text, link: run.link });
    return null;
  }

  private plan(due: readonly DueDay[], now: number): Start[] {
    const load = {
      days: this.flights.count('day'),
      backfills: this.flights.count('backfill'),
      most: this.settings.concurrency,
    };
    const starts = planStarts(
      due.map(({ day }) => day),
      load,
    );
    const taken = new Set(
      starts.flatMap((start) => (start.kind === 'day' ? [start.day] : listDays(start.range))),
    );
    for (const { day } of due) {
      if (taken.has(day)) continue;
      this.quiet.wake(day, now + this.settings.pollMs);
      this.waiting.add(day);
    }
    return starts;
  }

  private async start(start: Start, due: readonly DueDay[]): Promise<void> {
    const days = start.kind === 'day' ? { from: start.day, to: start.day } : start.range;
    const own = due.filter(({ day }) => day >= days.from && day <= days.to);
    const run = await (start.kind === 'day'
      ? this.runs.startDay(start.day)
      : this.runs.startBackfill(start.range));
    for (const { day, name } of own) {
      this.started.set(day, name);
      this.quiet.settle(day, name);
    }
    this.flights.add(start.kind, days, run);
    const why = describeChange(sumChanges(own.map(({ change }) => change)));
    const what = start.kind === 'day' ? 'run started' : `backfill of ${own.length} days started`;
    this.tell({ event: 'started', days, text: `${what}: ${why}`, link: run.link });
  }

  /** Profiles are read when tables are published: any run brings them in, the newest day that is as published when none is under way. */
  private async republish(due: number, now: number): Promise<void> {
    const objects = await this.raw.listProfiles();
    const change = this.published.compareProfiles(objects);
    if (change === null) return this.quiet.forget(PROFILES);
    const name = nameData({ objects, replays: [] });
    this.quiet.see(PROFILES, name, now);
    if (!this.quiet.isRipe(PROFILES, now)) return;
    if (due + this.flights.count('day') + this.flights.count('backfill') > 0)
      return this.quiet.wake(PROFILES, now + this.settings.pollMs);
    this.quiet.settle(PROFILES, name);
    if (this.started.get(PROFILES) === name) return;
    const day = await this.findUnchangedDay();
    if (day === null) return;
    const run = await this.runs.startDay(day);
    this.started.set(PROFILES, name);
    const days = { from: day, to: day };
    this.flights.add('day', days, run);
    const text = `run started, to publish player profiles: ${describeChange(change)}`;
    this.tell({ event: 'started', days, text, link: run.link });
  }

  private async findUnchangedDay(): Promise<Day | null> {
    for (const day of this.published.days) {
      if (this.published.compareDay(day, await this.raw.listDay(day)) === null) return day;
    }
    return null;
  }
}

function hasJudged(run: RunState | null, name: string): boolean {
  return run?.state === 'failed' && run.judged?.data === name;
}

function sumChanges(changes: readonly DataChange[]): DataChange {
  const total = (pick: (change: DataChange) => number) =>
    changes.reduce((sum, change) => sum + pick(change), 0);
  return {
    added: total(({ added }) => added),
    replaced: total(({ replaced }) => replaced),
    removed: total(({ removed }) => removed),
    replays: total(({ replays }) => replays),
  };
}
