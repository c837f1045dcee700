import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/load.ts';

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs; `output` grows while it does. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly output: { text: string };
  readonly ended: Promise<CommandResult>;
  /** Resolves when the output has this text; rejects when the command ends before. */
  until(text: string | RegExp): Promise<void>;
}

/** Starts `questline ARGS…` as a process of its own, the way a user does. */
export function startCommand(args: readonly string[], env: NodeJS.ProcessEnv = process.env): RunningCommand {
  const child = spawn(process.execPath, [join(projectRoot, 'bin', 'questline.mjs'), ...args], {
    env,
    cwd: projectRoot,
  });
  const output = { text: '' };
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    output.text += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    output.text += chunk.toString();
  });
  const ended = new Promise<CommandResult>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const until = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (typeof text === 'string' ? output.text.includes(text) : text.test(output.text)) resolve();
        else if (child.exitCode !== null)
          reject(new Error(`the command ended before it said ${String(text)}:\n${output.text}`));
        else setTimeout(look, 25);
      };
      look();
    });
  return { child, output, ended, until };
}

/** Runs `questline ARGS…` to its end. */
export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  return startCommand(args, env).ended;
}
