import type { Logger } from 'pino';
import { readIfMoved } from '../../storage/catalog.ts';
import { OpenSnapshot, type SnapshotDependencies } from './open-snapshot.ts';

/** A snapshot that is shown for so long is warmed up: not while everything starts, nor for one of many in a row. */
const WARM_UP_MS = 10_000;

/**
 * The published snapshot, kept open: looks for a newer one from time to time and takes its place in one step, once it is open. Who works
 * with the one before goes on with it.
 */
export class Published {
  private readonly deps: SnapshotDependencies;
  private readonly logger: Logger;
  private open: OpenSnapshot | null = null;
  /** Of the pointer that named it. */
  private etag: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private warming: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;

  constructor(deps: SnapshotDependencies, logger: Logger) {
    this.deps = deps;
    this.logger = logger;
  }

  /** The newest snapshot that is open; null before the first publish. */
  current(): OpenSnapshot | null {
    return this.open;
  }

  /** Opens the newest snapshot, and looks for newer ones until it is stopped. */
  async start(): Promise<void> {
    await this.look();
    const again = () => {
      this.timer = setTimeout(() => {
        this.look().then(again, again);
      }, this.deps.config.dashboard.pollSeconds * 1000);
    };
    again();
  }

  /** Looks for a newer snapshot; one look at a time. What fails is logged, and what was open stays. */
  look(): Promise<void> {
    this.looking ??= this.refresh()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the published snapshot could not be read'))
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  /** Stops looking and closes what is open. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    await this.looking;
    if (this.warming !== null) clearTimeout(this.warming);
    await this.open?.retire();
  }

  private async refresh(): Promise<void> {
    const moved = await readIfMoved(this.deps.cache.store, this.etag);
    if (moved === null || moved.state === null) return;
    const { etag, state } = moved;
    const next = await OpenSnapshot.open(state, this.deps);
    const before = this.open;
    this.open = next;
    this.etag = etag;
    this.logger.info({ snapshot: state.snapshot.id }, 'showing a snapshot');
    if (this.warming !== null) clearTimeout(this.warming);
    this.warming = setTimeout(() => {
      next
        .warmUp()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'a snapshot could not be warmed up'));
    }, WARM_UP_MS);
    await before?.retire();
  }
}
