import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { isConcurrency, MOST_DAYS_AT_ONCE, type Pace, type PauseRequest } from '../domain/pace.ts';
import { messages } from '../domain/pipeline.ts';
import { refuse } from './failures.ts';

const pauseUpdate = defineUpdate<Pace, [PauseRequest]>(messages.pause);
const resumeUpdate = defineUpdate<Pace>(messages.resume);
const concurrencyUpdate = defineUpdate<Pace, [number]>(messages.setConcurrency);

/** Keeps a run's pace, which a person may change while it runs: days that are at work go on, whatever is asked. */
export class Pacemaker {
  private pace: Pace;
  private atWork = 0;
  private readonly onChange: (pace: Pace) => void;

  constructor(pace: Pace, onChange: (pace: Pace) => void) {
    this.pace = pace;
    this.onChange = onChange;
    setHandler(pauseUpdate, (request) => this.pause(request), {
      validator: (request) => this.refusePause(request),
    });
    setHandler(resumeUpdate, () => this.change({ paused: null }), {
      validator: () => {
        if (this.pace.paused === null) refuse('The run is not paused: there is nothing to resume.');
      },
    });
    setHandler(concurrencyUpdate, (concurrency) => this.change({ concurrency }), {
      validator: refuseConcurrency,
    });
    onChange(pace);
  }

  /** The pace as it stands. */
  get current(): Pace {
    return this.pace;
  }

  /** Waits until a further day may begin, and runs it. */
  async take<T>(work: () => Promise<T>): Promise<{ readonly running: Promise<T> }> {
    await condition(() => this.pace.paused === null && this.atWork < this.pace.concurrency);
    this.atWork += 1;
    const running = work().finally(() => {
      this.atWork -= 1;
    });
    return { running };
  }

  /** Waits until the run is not paused. */
  async untilResumed(): Promise<void> {
    if (this.pace.paused !== null) await condition(() => this.pace.paused === null);
  }

  private pause({ by, why }: PauseRequest): Pace {
    return this.change({ paused: { by: by.trim(), why: why.trim(), at: new Date().toISOString() } });
  }

  private change(change: Partial<Pace>): Pace {
    this.pace = { ...this.pace, ...change };
    this.onChange(this.pace);
    return this.pace;
  }

  private refusePause(request: PauseRequest | undefined): void {
    for (const name of ['by', 'why'] as const) {
      const value = request?.[name];
      if (typeof value !== 'string' || value.trim() === '')
        refuse(
          `${name} is ${JSON.stringify(value) ?? 'not set'}; expected text: who pauses the run, and why.`,
        );
    }
    const { paused } = this.pace;
    if (paused !== null)
      refuse(`The run was paused already, by ${paused.by} at ${paused.at}: ${paused.why}.`);
  }
}

function refuseConcurrency(concurrency: unknown): void {
  if (isConcurrency(concurrency)) return;
  refuse(
    `The number of days at once is ${JSON.stringify(concurrency) ?? 'not set'}; expected a whole number from 1 to ${MOST_DAYS_AT_ONCE}.`,
  );
}
