import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomStream } from '../../src/generator/random.ts';
import { describeStepKill, type StepKill, type VictimName, victimNames } from './commit-steps.ts';
import type { S3Request } from './s3-proxy.ts';
import type { Servers } from './servers.ts';
import type { Victim } from './victim.ts';

const LONGEST_DOWN_MS = 800;
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [200, 2500];

/** What is killed in a round: at these steps, and so often at random moments. */
export interface RoundKills {
  readonly steps: readonly StepKill[];
  readonly random: number;
}

/** Kills during one round: at exact steps, by what passes through the proxy, and at random moments. */
export class Killer {
  /** Every kill of the round, in order. */
  readonly log: string[] = [];
  private readonly victims: Readonly<Record<VictimName, Victim>>;
  private readonly servers: Servers;
  private readonly random: RandomStream;
  private armed: StepKill[];
  private left: number;
  private isDone = false;
  private striking: Promise<void> = Promise.resolve();

  constructor(servers: Servers, random: RandomStream, kills: RoundKills) {
    this.servers = servers;
    this.random = random;
    this.armed = [...kills.steps];
    this.left = kills.random;
    this.victims = { worker: servers.worker, Temporal: servers.temporal, MinIO: servers.minio };
  }

  start(): void {
    this.servers.proxy.interceptor = {
      before: async (sent) => this.stopAt(sent, 'before'),
      after: async (sent) => this.stopAt(sent, 'after'),
    };
    this.striking = this.strikeAtRandom();
  }

  /** Stops killing; returns the steps at which nobody came by. */
  async stop(): Promise<readonly StepKill[]> {
    this.isDone = true;
    this.servers.proxy.interceptor = {};
    await this.striking;
    return this.armed;
  }

  /** Kills who is armed for this write; the connection is cut when the write's answer is not to be heard. */
  private async stopAt(sent: S3Request, moment: StepKill['moment']): Promise<void> {
    const found = this.armed.find(
      (armed) => armed.moment === moment && sent.method === 'PUT' && armed.step.is(sent),
    );
    if (found === undefined || !this.victims[found.victim].isUp) return;
    this.armed = this.armed.filter((armed) => armed !== found);
    await this.strike(found.victim, `at ${describeStepKill(found)}`);
    if (found.victim === 'MinIO' && moment === 'after') throw new Error('The answer is lost.');
  }

  private async strikeAtRandom(): Promise<void> {
    while (this.left > 0 && !this.isDone) {
      await sleep(SHORTEST_WAIT_MS + this.random.below(LONGEST_WAIT_MS - SHORTEST_WAIT_MS));
      const name = victimNames[this.random.below(victimNames.length)] as VictimName;
      if (this.isDone || !this.victims[name].isUp) continue;
      this.left -= 1;
      await this.strike(name, `at random: ${name}`);
    }
  }

  private async strike(name: VictimName, what: string): Promise<void> {
    this.log.push(what);
    await this.victims[name].kill(this.random.below(LONGEST_DOWN_MS));
  }
}
