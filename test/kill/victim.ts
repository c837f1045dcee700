import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessDeclaration } from '../../src/stack/managed-process.ts';

const READY_POLL_MS = 40;
const AGAIN_MS = 300;

/** A process that is killed by its id, and started again on the same ports and data. */
export class Victim {
  readonly name: string;
  /** How often it was killed. */
  kills = 0;
  /** How often it ended though nobody killed it. */
  ownEnds = 0;
  private readonly declare: () => ProcessDeclaration;
  private child: ChildProcess | null = null;
  private isReady = false;
  private isWanted = true;
  private readonly struck = new WeakSet<ChildProcess>();

  constructor(name: string, declare: () => ProcessDeclaration) {
    this.name = name;
    this.declare = declare;
  }

  /** Whether there is a process to kill, ready or not; one that is being killed is none. */
  get isUp(): boolean {
    const { child } = this;
    if (child === null || this.struck.has(child)) return false;
    return child.exitCode === null && child.signalCode === null;
  }

  /** Starts it; `untilReady` tells when it answers. */
  start(): void {
    if (!this.isWanted || this.isUp) return;
    const { command, args, env = process.env, log, isReady } = this.declare();
    mkdirSync(dirname(log), { recursive: true });
    const out = openSync(log, 'a');
    const child = spawn(command, args, { env, stdio: ['ignore', out, out] });
    closeSync(out);
    this.child = child;
    this.isReady = false;
    child.once('exit', () => {
      this.isReady = false;
      if (this.struck.has(child) || !this.isWanted) return;
      this.ownEnds += 1;
      setTimeout(() => this.start(), AGAIN_MS);
    });
    void this.watch(child, isReady);
  }

  async untilReady(withinMs = 120_000): Promise<void> {
    const until = Date.now() + withinMs;
    while (!this.isReady) {
      if (Date.now() > until) throw new Error(`${this.name} did not become ready within ${withinMs} ms.`);
      await sleep(READY_POLL_MS);
    }
  }

  /** Kills it and resolves when it is gone; it is started again `pauseMs` later. Only for one that is up. */
  async kill(pauseMs: number): Promise<void> {
    if (!this.isUp) throw new Error(`${this.name} is not up: there is nothing to kill.`);
    this.kills += 1;
    await this.end();
    setTimeout(() => this.start(), pauseMs);
  }

  /** Ends it and starts it anew, which counts as no kill. */
  async restart(): Promise<void> {
    await this.end();
    this.start();
    await this.untilReady();
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.isWanted = false;
    await this.end();
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || !this.isUp) return;
    const ended = once(child, 'exit');
    this.struck.add(child);
    process.kill(child.pid, 'SIGKILL');
    await ended;
  }

  private async watch(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
    while (this.child === child && this.isUp) {
      if (await isReady().catch(() => false)) {
        this.isReady = this.child === child && this.isUp;
        return;
      }
      await sleep(READY_POLL_MS);
    }
  }
}
