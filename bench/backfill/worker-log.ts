import { readFile } from 'node:fs/promises';

/** What is read here of a line of the log. */
interface LogLine {
  readonly msg: string;
  readonly time: string;
  readonly stage?: string;
  readonly seconds?: number;
  readonly events?: number;
}

/** A stage that ended, as the worker's log tells it; times in milliseconds since 1970. */
interface EndedStage {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  readonly events: number;
}

/** All runs of one stage. */
export interface StageShare {
  readonly stage: string;
  readonly runs: number;
  /** Summed over its runs, which overlap. */
  readonly busySeconds: number;
  /** Of one of them at work: events by busy seconds; null where the stage counts none. */
  readonly eventsASecond: number | null;
}

/** What a worker's stages did in a span of time. */
export interface StageShares {
  readonly stages: readonly StageShare[];
  /** Seconds in which exactly so many stages ran, from none on. */
  readonly secondsByRunning: readonly number[];
}

/** Reads from a worker's JSON log what its stages did between two times. */
export async function readStages(path: string, from: number, to: number): Promise<StageShares> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const ended = lines
    .map((text) => JSON.parse(text) as LogLine)
    .filter(({ msg, stage }) => stage !== undefined && msg === `${stage} ends`)
    .map(({ stage = '', time, seconds = 0, events = 0 }): EndedStage => {
      const end = Date.parse(time);
      return { stage, from: end - seconds * 1000, to: end, events };
    })
    .filter((one) => one.from >= from && one.to <= to);
  const names = [...new Set(ended.map(({ stage }) => stage))];
  return {
    stages: names.map((name) => sumUp(name, ended)),
    secondsByRunning: countRunning(ended, from, to),
  };
}

function sumUp(stage: string, ended: readonly EndedStage[]): StageShare {
  const own = ended.filter((one) => one.stage === stage);
  const busySeconds = own.reduce((sum, one) => sum + (one.to - one.from) / 1000, 0);
  const events = own.reduce((sum, one) => sum + one.events, 0);
  return { stage, runs: own.length, busySeconds, eventsASecond: events === 0 ? null : events / busySeconds };
}

function countRunning(ended: readonly EndedStage[], from: number, to: number): number[] {
  const changes = ended.flatMap((one) => [
    { at: one.from, by: 1 },
    { at: one.to, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  const seconds: number[] = [];
  let running = 0;
  let since = from;
  for (const { at, by } of [...changes, { at: to, by: 0 }]) {
    seconds[running] = (seconds[running] ?? 0) + (at - since) / 1000;
    running += by;
    since = at;
  }
  return Array.from({ length: seconds.length }, (_, n) => seconds[n] ?? 0);
}
