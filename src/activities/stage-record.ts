import type { Logger } from 'pino';
import { logFailure } from './log-failure.ts';
import { describeCounts, type StageCounts, type StageMetrics, type StageOutcome } from './stage-metrics.ts';

/** Follows one attempt of a stage: a log line at its begin and its end, and what it counted in the metrics. */
export class StageRecord {
  private readonly stage: string;
  private readonly log: Logger;
  private readonly metrics: StageMetrics;
  private readonly began = performance.now();
  private counts: StageCounts | null = null;

  constructor(stage: string, log: Logger, metrics: StageMetrics) {
    this.stage = stage;
    this.log = log;
    this.metrics = metrics;
  }

  /** Keeps what the stage worked through until it ends. */
  count(counts: StageCounts): void {
    this.counts = counts;
  }

  /** Runs the stage and tells how it ended; what it throws is thrown on. */
  async follow<T>(body: () => Promise<T>): Promise<T> {
    this.log.info(`${this.stage} begins`);
    try {
      const result = await body();
      const outcome = this.counts === null ? 'found' : 'made';
      this.log.info(this.close(outcome), `${this.stage} ends`);
      return result;
    } catch (error) {
      logFailure(this.log, this.stage, error, (outcome) => this.close(outcome));
      throw error;
    }
  }

  private close(outcome: StageOutcome): Readonly<Record<string, unknown>> {
    const seconds = (performance.now() - this.began) / 1000;
    this.metrics.record(this.stage, outcome, seconds, this.counts);
    const told = this.counts === null ? {} : describeCounts(this.counts, seconds);
    return { outcome, seconds: Number(seconds.toFixed(3)), ...told };
  }
}
