import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';

const MOST_ANSWERS = 500;
/** Questions that are worked on at once, of those that take long and of the others. */
const AT_ONCE = { long: 2, short: 3 } as const;

interface Job {
  readonly answer: Promise<unknown>;
  readonly abort: AbortController;
  waiting: number;
}

/** How a question is worked on. */
export interface Working {
  /** Whether the answer is kept; else it is worked out anew once nobody waits for it. */
  readonly keep: boolean;
  /** Whether it takes long: no other waits for it. */
  readonly isLong: boolean;
}

/**
 * Answers by their question: what was answered is kept, what is being answered is waited for, and a few are worked on at a time. A question
 * that nobody waits for any more is given up.
 */
export class AnswerCache {
  private readonly answers = new LRUCache<string, object>({ max: MOST_ANSWERS });
  private readonly working = new Map<string, Job>();
  private readonly queues = {
    long: new PQueue({ concurrency: AT_ONCE.long }),
    short: new PQueue({ concurrency: AT_ONCE.short }),
  };

  /** The answer of a question. */
  async ask<T extends object>(
    question: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    how: Working,
  ): Promise<T> {
    const known = this.answers.get(question);
    if (known !== undefined) return known as T;
    const underWay = this.working.get(question);
    const job = underWay?.abort.signal.aborted === false ? underWay : this.begin(question, work, how);
    job.waiting += 1;
    const leave = () => {
      job.waiting -= 1;
      if (job.waiting === 0) job.abort.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return (await job.answer) as T;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private begin<T extends object>(
    question: string,
    work: (signal: AbortSignal) => Promise<T>,
    { keep, isLong }: Working,
  ): Job {
    const abort = new AbortController();
    const worked = async () => {
      abort.signal.throwIfAborted();
      const found = await work(abort.signal);
      if (keep) this.answers.set(question, found);
      return found;
    };
    const answer = this.queues[isLong ? 'long' : 'short'].add(worked).finally(() => {
      if (this.working.get(question) === job) this.working.delete(question);
    });
    const job: Job = { answer, abort, waiting: 0 };
    this.working.set(question, job);
    return job;
  }
}
