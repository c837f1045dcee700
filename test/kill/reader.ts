import { setTimeout as sleep } from 'node:timers/promises';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { auditLedgers } from '../../src/domain/audit-ledgers.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { type CatalogState, readCurrent } from '../../src/storage/catalog.ts';
import { listNamedObjects } from '../../src/storage/named-objects.ts';
import { isStorageError, type ObjectStore } from '../../src/storage/object-store.ts';
import { sha256 } from '../../src/storage/sha256.ts';
import { hashObject, judgeBytes } from '../../src/upkeep/read-objects.ts';
import { hashesOf } from '../support/catalog.ts';

const POLL_MS = 100;

/** What a reader saw that nobody may ever see. */
export class ReaderFault extends Error {
  override readonly name = 'ReaderFault';
}

/** The hash of all published hashes: two states with the same one publish the same bytes. */
export function digestOf(state: CatalogState): string {
  return sha256(Buffer.from(canonicalJson(hashesOf(state))));
}

/**
 * Reads the catalog again and again: it never goes back, no day is ever gone, the ledgers meet, every object that is named is there
 * with its bytes, and, where `allowed` says which, the whole state is one that a run without kills publishes too.
 */
export class Reader {
  /** Polls that got an answer, and those that got none since MinIO was down. */
  answered = 0;
  unanswered = 0;
  private readonly store: ObjectStore;
  private readonly allowed: ReadonlySet<string> | null;
  private last: CatalogState | null = null;
  private readonly known = new Set<string>();
  private isDone = false;
  private running: Promise<void> | null = null;

  constructor(store: ObjectStore, allowed: ReadonlySet<string> | null) {
    this.store = store;
    this.allowed = allowed;
  }

  /** Polls until `stop`; calls `onFault` at the first fault. */
  start(onFault: (fault: Error) => void): void {
    this.running = this.loop().catch(onFault);
  }

  async stop(): Promise<void> {
    this.isDone = true;
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.isDone) {
      try {
        await this.poll();
        this.answered += 1;
      } catch (error) {
        if (!isNoAnswer(error)) throw error;
        this.unanswered += 1;
      }
      await sleep(POLL_MS);
    }
  }

  private async poll(): Promise<void> {
    const { state } = await readCurrent(this.store);
    const { last } = this;
    if (state === null) {
      if (last !== null) throw new ReaderFault(`The pointer is gone; it named ${last.snapshot.id}.`);
      return;
    }
    if (last?.snapshot.id === state.snapshot.id) return;
    if (last !== null) compareWithBefore(last, state);
    const faults = auditLedgers(state.arrivals, state.eventDays);
    if (faults.length > 0) throw new ReaderFault(`${state.snapshot.id}: ${faults.join('; ')}`);
    if (this.allowed?.has(digestOf(state)) === false)
      throw new ReaderFault(`${state.snapshot.id} is a state that no run without kills publishes.`);
    await this.readNamed(state);
    this.last = state;
  }

  private async readNamed(state: CatalogState): Promise<void> {
    for (const { key, what, ref } of listNamedObjects(state)) {
      if (ref === null || this.known.has(`${key} ${ref.sha256}`)) continue;
      const found = await hashObject(this.store, key);
      const fault = found === null ? `${key} is not there` : judgeBytes(key, found, ref);
      if (fault !== null) throw new ReaderFault(`${state.snapshot.id}: ${what}: ${fault}`);
      this.known.add(`${key} ${ref.sha256}`);
    }
  }
}

function compareWithBefore(before: CatalogState, now: CatalogState): void {
  const [id, sequence] = [now.snapshot.id, now.snapshot.sequence];
  if (sequence <= before.snapshot.sequence)
    throw new ReaderFault(`${id} came after ${before.snapshot.id}: the catalog went back.`);
  const gone = [
    ...[...before.arrivals.keys()].filter((day) => !now.arrivals.has(day)),
    ...[...before.eventDays.keys()].filter((day) => !now.eventDays.has(day)),
  ];
  if (gone.length > 0) throw new ReaderFault(`${id} does not have ${gone.join(', ')} any more.`);
}

const noAnswerCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);

/** Whether an error says that MinIO was down or starting, and nothing about what it holds. */
export function isNoAnswer(error: unknown): boolean {
  if (isStorageError(error, 'unreachable')) return true;
  if (!(error instanceof Error)) return false;
  if ('code' in error && noAnswerCodes.has(String(error.code))) return true;
  if (error instanceof S3ServiceException && (error.$metadata.httpStatusCode ?? 0) >= 500) return true;
  return error.cause !== undefined && isNoAnswer(error.cause);
}
