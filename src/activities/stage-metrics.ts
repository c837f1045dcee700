import type { MetricMeter } from '@temporalio/common';
import { type ArrivalLedger, type EventDayLedger, sum } from '../domain/ledger.ts';
import { reasonCodes } from '../domain/reason.ts';

/** What one run of a stage worked through. */
export interface StageCounts {
  /** Events, or in validate lines, that went through the stage: what its speed is measured by. */
  readonly events: number;
  /** Raw text, uncompressed. */
  readonly bytes?: number;
  readonly arrival?: ArrivalLedger;
  readonly eventDay?: EventDayLedger;
}

/**
 * How a stage ended: `made` its output, `found` it there already, `failed` in a way that no retry mends, `errored` and is tried
 * again as long as its policy allows, or was `cancelled`.
 */
export type StageOutcome = (typeof outcomes)[number];

const outcomes = ['made', 'found', 'failed', 'errored', 'cancelled'] as const;
const stages = ['generate', 'validate', 'clean', 'aggregate', 'publish'] as const;

/** Bounds of the histograms' buckets, for the exporter. */
export const histogramBuckets: Readonly<Record<string, number[]>> = {
  questline_stage_seconds: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600, 1800],
  questline_events_per_second: [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7],
};

/** Questline's own metrics on Temporal's meter, so that both leave by one door. Labels name stages and reasons, never days. */
export class StageMetrics {
  private readonly instruments;

  constructor(meter: MetricMeter) {
    const counter = (name: string, description: string) => meter.createCounter(name, '', description);
    const histogram = (name: string, description: string) =>
      meter.createHistogram(name, 'float', '', description);
    this.instruments = {
      runs: counter('questline_stage_runs_total', 'Runs of a stage by how they ended.'),
      events: counter('questline_events_total', 'Events, or in validate lines, that went through a stage.'),
      lines: counter('questline_lines_total', 'Lines of arrivals by what became of them.'),
      rows: counter('questline_rows_total', 'Rows of event days by what became of them.'),
      bytes: counter('questline_bytes_total', 'Bytes of raw text, uncompressed.'),
      seconds: histogram('questline_stage_seconds', 'Seconds that a stage took, by how it ended.'),
      speed: histogram('questline_events_per_second', 'Events a second of one run of a stage.'),
    };
    this.startAtZero();
  }

  /** Counts a stage that ended. What an attempt worked through counts once it stands: not when it errored or was cancelled. */
  record(stage: string, outcome: StageOutcome, seconds: number, counts: StageCounts | null): void {
    this.instruments.runs.add(1, { stage, outcome });
    this.instruments.seconds.record(seconds, { stage, outcome });
    if (counts === null || outcome === 'errored' || outcome === 'cancelled') return;
    const { events, bytes, arrival, eventDay } = counts;
    this.instruments.events.add(events, { stage });
    this.instruments.speed.record(speedOf(events, seconds), { stage });
    if (bytes !== undefined) this.instruments.bytes.add(bytes, { stage });
    if (arrival !== undefined) this.addLines(arrival);
    if (eventDay !== undefined) this.addRows(eventDay);
  }

  /** A counter that appears with its first increment hides that one from Prometheus' `increase`. */
  private startAtZero(): void {
    const { runs, events, bytes } = this.instruments;
    for (const stage of stages) {
      events.add(0, { stage });
      for (const outcome of outcomes) runs.add(0, { stage, outcome });
    }
    for (const stage of ['generate', 'validate']) bytes.add(0, { stage });
    const rejected = Object.fromEntries(reasonCodes.map((reason) => [reason, 0]));
    this.addLines({ lines: 0, accepted: 0, rejected, superseded: 0 });
    this.addRows({ cameIn: 0, kept: 0, exactDuplicates: 0, conflictingDuplicates: 0 });
  }

  private addLines({ accepted, rejected, superseded }: ArrivalLedger): void {
    const { lines } = this.instruments;
    lines.add(accepted, { outcome: 'accepted' });
    lines.add(superseded, { outcome: 'superseded' });
    for (const [reason, n] of Object.entries(rejected)) lines.add(n, { outcome: 'rejected', reason });
  }

  private addRows({ kept, exactDuplicates, conflictingDuplicates }: EventDayLedger): void {
    const { rows } = this.instruments;
    rows.add(kept, { outcome: 'kept' });
    rows.add(exactDuplicates, { outcome: 'exact_duplicate' });
    rows.add(conflictingDuplicates, { outcome: 'conflicting_duplicate' });
  }
}

/** The same counts as fields of a log line; `rejectedByReason` has the codes of 7-events that occurred. */
export function describeCounts(counts: StageCounts, seconds: number): Readonly<Record<string, unknown>> {
  const { events, bytes, arrival, eventDay } = counts;
  const lines = arrival && {
    lines: arrival.lines,
    accepted: arrival.accepted,
    rejected: sum(Object.values(arrival.rejected)),
    rejectedByReason: arrival.rejected,
    superseded: arrival.superseded,
  };
  const eventsPerSecond = Math.round(speedOf(events, seconds));
  return { events, ...(bytes === undefined ? {} : { bytes }), ...lines, ...eventDay, eventsPerSecond };
}

function speedOf(events: number, seconds: number): number {
  return events / Math.max(seconds, 0.001);
}
