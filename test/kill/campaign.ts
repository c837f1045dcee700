import { join } from 'node:path';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { projectRoot } from '../../src/config/load.ts';
import { addDays, type Day, type DayRange, parseDay } from '../../src/domain/day.ts';
import { type BackfillResult, backfillWorkflowId } from '../../src/domain/pipeline.ts';
import { RandomStream } from '../../src/generator/random.ts';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { readCurrent, readSnapshot } from '../../src/storage/catalog.ts';
import { walkHistory } from '../../src/storage/snapshots.ts';
import type { StepKill } from './commit-steps.ts';
import { Killer } from './killer.ts';
import { digestOf, Reader } from './reader.ts';
import { runToEnd } from './run-to-end.ts';
import { type Bucket, Servers } from './servers.ts';
import { landStage } from './stages.ts';
import { verifyBucket } from './verify-bucket.ts';
import type { Victim } from './victim.ts';

const FIRST_DAY = parseDay('2031-01-27');
const ROUND_MS = 600_000;
const READERS = 2;

/** How big a campaign is. */
export interface CampaignPlan {
  /** Kills at least; every step kill has its turn however many that takes. */
  readonly kills: number;
  readonly steps: readonly StepKill[];
  readonly seed: number;
  /** Days of the game, from 27 January on. */
  readonly days: number;
  /** Stages of a chapter: all days, then late files, again and again. */
  readonly stages: number;
  /** Kills of a round at exact steps, and at random moments. */
  readonly stepsARound: number;
  readonly randomARound: number;
  /** Whether the last state is made once more from the raw data. */
  readonly isDeep: boolean;
}

/** What a campaign came to. */
export interface CampaignTotals {
  readonly rounds: number;
  readonly kills: number;
  readonly killsByVictim: Readonly<Record<string, number>>;
  /** Those at exact steps. */
  readonly stepKills: number;
  /** How often a worker ended though nobody killed it, such as one that found no Temporal when it started. */
  readonly ownEnds: number;
  /** Polls of readers that got an answer, and that got none since MinIO was down. */
  readonly answered: number;
  readonly unanswered: number;
  readonly seconds: number;
}

/** What a chapter's stage publishes when nobody is killed. */
interface Reference {
  /** Digest of the state at the end of each stage. */
  readonly ends: readonly string[];
  /** Digests of all states that are current on the way. */
  readonly allowed: ReadonlySet<string>;
}

/** Settings of everything that the campaign starts. */
export const campaignSettings = {
  QUESTLINE_GENERATOR_PRESET: join(projectRoot, 'test', 'support', 'over-months.yaml'),
  QUESTLINE_PIPELINE_LATE_WINDOW_DAYS: '3',
  QUESTLINE_LOGGING_CONSOLE: 'json',
};

/**
 * Runs backfills in which workers, Temporal and MinIO are killed, chapter after chapter, each in a bucket of its own. Throws at the
 * first thing that nobody may see: to a reader, or at the end of a round.
 */
export class Campaign {
  private readonly servers: Servers;
  private readonly plan: CampaignPlan;
  private readonly tell: (line: string) => void;
  private readonly days: readonly Day[];
  private readonly random: RandomStream;
  private waiting: StepKill[];
  private readonly fault = Promise.withResolvers<never>();
  private rounds = 0;
  private stepKills = 0;
  private answered = 0;
  private unanswered = 0;

  constructor(servers: Servers, plan: CampaignPlan, tell: (line: string) => void) {
    this.servers = servers;
    this.plan = plan;
    this.tell = tell;
    this.days = Array.from({ length: plan.days }, (_, n) => addDays(FIRST_DAY, n));
    this.random = new RandomStream(xoroshiro128plus(plan.seed));
    this.waiting = shuffle(plan.steps, this.random);
    this.fault.promise.catch(() => {});
  }

  async run(): Promise<CampaignTotals> {
    const began = performance.now();
    const reference = await this.makeReference();
    this.tell(
      `reference: ${reference.ends.length} stages, ${reference.allowed.size} states, ${secondsSince(began)} s`,
    );
    for (let chapter = 1; !this.isOver; chapter += 1) await this.playChapter(chapter, reference);
    const killsByVictim = this.kills();
    return {
      rounds: this.rounds,
      kills: Object.values(killsByVictim).reduce((total, n) => total + n, 0),
      killsByVictim,
      stepKills: this.stepKills,
      ownEnds: this.servers.worker.ownEnds,
      answered: this.answered,
      unanswered: this.unanswered,
      seconds: secondsSince(began),
    };
  }

  private get isOver(): boolean {
    const done = Object.values(this.kills()).reduce((total, n) => total + n, 0);
    return this.waiting.length === 0 && done >= this.plan.kills;
  }

  private kills(): Record<string, number> {
    return Object.fromEntries(this.victims.map(({ name, kills }) => [name, kills]));
  }

  private get victims(): Victim[] {
    return [this.servers.worker, this.servers.temporal, this.servers.minio];
  }

  private async makeReference(): Promise<Reference> {
    const bucket = await this.servers.openBucket('reference');
    await this.servers.work(bucket, { slots: 2, both: false });
    const ends: string[] = [];
    for (let stage = 0; stage < this.plan.stages; stage += 1) {
      await this.backfill(bucket, await landStage(bucket, stage, this.days));
      ends.push(await readDigest(bucket));
    }
    const allowed = new Set<string>();
    for await (const { id } of walkHistory(bucket.store))
      allowed.add(digestOf(await readSnapshot(bucket.store, id)));
    return { ends, allowed };
  }

  private async playChapter(chapter: number, { ends, allowed }: Reference): Promise<void> {
    const bucket = await this.servers.openBucket(`chapter-${chapter}`);
    await this.servers.work(bucket, { slots: 2, both: false });
    const readers = Array.from({ length: READERS }, () => new Reader(bucket.store, allowed));
    for (const reader of readers) reader.start((fault) => this.fault.reject(fault));
    try {
      for (const [stage, end] of ends.entries()) {
        await this.playRound(bucket, stage, end);
        if (this.isOver) break;
      }
    } finally {
      for (const reader of readers) {
        await reader.stop();
        this.answered += reader.answered;
        this.unanswered += reader.unanswered;
      }
    }
    await Promise.race([this.fault.promise, Promise.resolve()]);
  }

  private async playRound(bucket: Bucket, stage: number, end: string): Promise<void> {
    const began = performance.now();
    this.rounds += 1;
    await this.servers.untilReady();
    const range = await landStage(bucket, stage, this.days);
    const steps = this.waiting.splice(0, this.plan.stepsARound);
    const killer = new Killer(this.servers, this.random, { steps, random: this.plan.randomARound });
    killer.start();
    const running = this.backfill(bucket, range);
    try {
      await Promise.race([this.fault.promise, running]);
      const left = await killer.stop();
      this.stepKills += steps.length - left.length;
      this.waiting.push(...left);
      await this.servers.untilReady();
      this.checkServers();
      await Promise.race([this.fault.promise, this.checkEnd(bucket, end)]);
    } catch (error) {
      await killer.stop();
      await this.terminate(range);
      await running.catch(() => {});
      const where = `round ${this.rounds}, seed ${this.plan.seed}, stage ${stage} of bucket ${bucket.name}`;
      throw new Error(`${where}, after kills ${killer.log.join('; ') || 'of nobody'}: ${String(error)}`, {
        cause: error,
      });
    }
    this.tell(
      `round ${this.rounds}, stage ${stage}, ${secondsSince(began)} s: ${killer.log.length} kills ${killer.log.join('; ')}`,
    );
  }

  private async backfill({ config }: Bucket, range: DayRange): Promise<void> {
    const client = await this.servers.client();
    const start = () => startBackfill(client, config, { ...range, concurrency: 3 });
    const { days } = await runToEnd<BackfillResult>(start, ROUND_MS);
    const other = days.filter(({ state }) => state !== 'published');
    if (other.length > 0) throw new Error(`Not published: ${JSON.stringify(other)}`);
  }

  /** Ends the run of a round that found a fault, so that nobody goes on asking servers that are gone. */
  private async terminate({ from, to }: DayRange): Promise<void> {
    await this.servers.temporal.untilReady();
    const client = await this.servers.client();
    await client.workflow
      .getHandle(backfillWorkflowId(from, to))
      .terminate('a fault was found')
      .catch(() => {});
  }

  /** A server that ends though nobody killed it was damaged by a kill, or is not the one that serves. */
  private checkServers(): void {
    for (const { name, ownEnds } of [this.servers.temporal, this.servers.minio])
      if (ownEnds > 0)
        throw new Error(`${name} ended ${ownEnds} times though nobody killed it; see its log.`);
  }

  /** What has to hold once a round is over. */
  private async checkEnd(bucket: Bucket, end: string): Promise<void> {
    if ((await readDigest(bucket)) !== end)
      throw new Error('The end state is not that of a run without kills.');
    await verifyBucket(this.servers, bucket, this.plan.isDeep && this.isOver);
  }
}

async function readDigest({ store }: Bucket): Promise<string> {
  const { state } = await readCurrent(store);
  return state === null ? '' : digestOf(state);
}

function shuffle<T>(items: readonly T[], random: RandomStream): T[] {
  const keyed = items.map((item) => ({ item, key: random.next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}
