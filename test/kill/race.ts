import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, type Day, parseDay } from '../../src/domain/day.ts';
import type { DayResult } from '../../src/domain/pipeline.ts';
import { startDay } from '../../src/operations/start-runs.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { landObject } from '../support/good-day.ts';
import { Reader } from './reader.ts';
import { runToEnd } from './run-to-end.ts';
import type { S3Request } from './s3-proxy.ts';
import type { Bucket, Servers } from './servers.ts';
import { verifyBucket } from './verify-bucket.ts';

const FIRST_DAY = parseDay('2031-01-30');
const DAYS = [FIRST_DAY, addDays(FIRST_DAY, 3)] as const;
const MEET_MS = 10_000;
const RUN_MS = 300_000;

/** What the races came to. */
export interface RaceTotals {
  readonly races: number;
  /** Races in which both processes were about to move the pointer at the same moment. */
  readonly met: number;
  /** Writes of the pointer that were refused since the other came first: planned again. */
  readonly lost: number;
}

/** Holds the first write of the pointer until a second one is there, so that both were decided on the same snapshot. */
class Meeting {
  met = 0;
  lost = 0;
  private waiting: (() => void) | null = null;
  private isOver = true;

  begin(): void {
    this.isOver = false;
  }

  async before({ method, key }: S3Request): Promise<void> {
    if (method !== 'PUT' || key !== keys.pointer || this.isOver) return;
    if (this.waiting === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.waiting = resolve;
      await Promise.race([promise, sleep(MEET_MS, undefined, { ref: false })]);
    } else {
      this.met += 1;
      this.waiting();
    }
    this.isOver = true;
    this.waiting = null;
  }

  async after({ method, key }: S3Request, status: number): Promise<void> {
    if (method === 'PUT' && key === keys.pointer && status === 412) this.lost += 1;
  }
}

/**
 * Two worker processes, each with one slot for computing, publish one day each at once, again and again. Both have to be there after
 * each race, and no reader may see less; at the end all of it is made once more from the raw data, and has to have the same bytes.
 */
export async function race(
  servers: Servers,
  races: number,
  tell: (line: string) => void,
): Promise<RaceTotals> {
  const bucket = await servers.openBucket('race');
  await servers.work(bucket, { slots: 1, both: true });
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => {});
  const reader = new Reader(bucket.store, null);
  reader.start((error) => fault.reject(error));
  const meeting = new Meeting();
  servers.proxy.interceptor = {
    before: (sent) => meeting.before(sent),
    after: (sent, status) => meeting.after(sent, status),
  };
  for (const day of DAYS) await landObject(bucket.store, day, 'good');
  try {
    for (let n = 1; n <= races; n += 1) {
      meeting.begin();
      await runRace(servers, bucket, n);
      await Promise.race([fault.promise, Promise.resolve()]);
      if (n % 10 === 0 || n === races)
        tell(`races ${n}: ${meeting.met} met at the pointer, ${meeting.lost} writes lost and planned again`);
    }
  } finally {
    servers.proxy.interceptor = {};
    await reader.stop();
  }
  await Promise.race([fault.promise, Promise.resolve()]);
  await verifyBucket(servers, bucket, true);
  return { races, met: meeting.met, lost: meeting.lost };
}

async function runRace(servers: Servers, { store, config }: Bucket, n: number): Promise<void> {
  const client = await servers.client();
  for (const day of DAYS) await landRaceFile(store, day, n);
  await Promise.all(DAYS.map((day) => runToEnd<DayResult>(() => startDay(client, config, { day }), RUN_MS)));
  const { state } = await readCurrent(store);
  for (const day of DAYS) {
    const inputs = state?.arrivals.get(day)?.inputs ?? [];
    const events = state?.eventDays.get(day)?.ledger.kept ?? 0;
    const first = makeKeys(day, n).filter((key) => !inputs.some((input) => input.key === key));
    if (first.length > 0) throw new Error(`race ${n}: ${day} is published without ${first.join(', ')}`);
    if (events !== EVENTS_OF_GOOD_DAY + n)
      throw new Error(`race ${n}: ${day} has ${events} events, ${EVENTS_OF_GOOD_DAY + n} landed`);
  }
}

const EVENTS_OF_GOOD_DAY = 122;

function makeKeys(day: Day, upTo: number): string[] {
  return Array.from({ length: upTo }, (_, n) => keys.rawObject(day, `race-${n + 1}.ndjson`));
}

async function landRaceFile(store: Bucket['store'], day: Day, n: number): Promise<void> {
  const event = makeEvent({
    event_id: `race-${day}-${n}`,
    player_id: `racer-${n % 5}`,
    timestamp: `${day}T12:00:00Z`,
  });
  await store.write(keys.rawObject(day, `race-${n}.ndjson`), toLines([event]));
}
