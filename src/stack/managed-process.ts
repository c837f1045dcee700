import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that the stack keeps running. */
export interface ProcessDeclaration {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** File that takes its output. */
  readonly log: string;
  /** Resolves when it answers; called again and again until then. */
  isReady(): Promise<boolean>;
  /** Milliseconds to become ready. */
  readonly readyMs: number;
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly stopMs: number;
  /** Opens a channel through which a Node program notices that this process is gone. */
  readonly channel?: boolean;
}

/** A program did not come up, or died again and again. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
}

/** What happens to a managed process that its owner should tell people. */
export interface ProcessEvents {
  restarting(name: string, how: string): void;
  running(name: string, pid: number): void;
  givingUp(error: ProcessError): void;
}

const LOG_BYTES = 20_000_000;
const MOST_DEATHS = 5;
const DEATHS_WITHIN_MS = 60_000;

/** Keeps one program running until `stop`: one that dies is started again, unless it dies five times within a minute. */
export class ManagedProcess {
  private readonly declaration: ProcessDeclaration;
  private readonly events: ProcessEvents;
  private child: ChildProcess | null = null;
  private stopping = false;
  private deaths: number[] = [];

  constructor(declaration: ProcessDeclaration, events: ProcessEvents) {
    this.declaration = declaration;
    this.events = events;
  }

  /** Starts it and waits until it answers; a `ProcessError` says why it does not. */
  async start(): Promise<void> {
    const { name, readyMs, log, isReady } = this.declaration;
    this.spawn();
    const until = Date.now() + readyMs;
    while (!(await isReady().catch(() => false))) {
      if (this.stopping) return;
      if (this.deaths.length > 0)
        throw new ProcessError(`${name} ended while it was starting. Its last words are in ${log}.`);
      if (Date.now() > until) {
        await this.stop();
        throw new ProcessError(
          `${name} did not answer within ${readyMs / 1000} s. Its last words are in ${log}.`,
        );
      }
      await sleep(50);
    }
    this.watching = true;
  }

  private watching = false;

  /** Ends it: SIGTERM, then SIGKILL to its whole group when it takes too long. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const inTime = await Promise.race([
      ended.then(() => true),
      sleep(this.declaration.stopMs, false, { ref: false }),
    ]);
    if (!inTime) {
      killGroup(child);
      await ended;
    }
  }

  private spawn(): void {
    const { command, args, env = process.env, log, channel = false } = this.declaration;
    const out = openLog(log);
    const stdio = channel ? (['ignore', out, out, 'ipc'] as const) : (['ignore', out, out] as const);
    const child = spawn(command, args, { env, stdio: [...stdio], detached: true });
    closeSync(out);
    this.child = child;
    child.once('error', (error) => this.onEnd(error.message));
    child.once('exit', (code, signal) =>
      this.onEnd(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
    if (child.pid !== undefined) this.events.running(this.declaration.name, child.pid);
  }

  private onEnd(how: string): void {
    if (this.stopping) return;
    const now = Date.now();
    this.deaths = [...this.deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    if (!this.watching) return;
    const { name, log } = this.declaration;
    if (this.deaths.length >= MOST_DEATHS) {
      this.events.givingUp(
        new ProcessError(
          `${name} ended ${MOST_DEATHS} times within a minute (${how}). Its last words are in ${log}.`,
        ),
      );
      return;
    }
    this.events.restarting(name, how);
    setTimeout(
      () => {
        if (!this.stopping) this.spawn();
      },
      200 * 2 ** this.deaths.length,
    );
  }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  try {
    if (statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  } catch {}
  return openSync(path, 'a');
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
