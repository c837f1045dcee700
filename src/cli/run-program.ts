import { CommanderError } from 'commander';
import { explainError } from './explain-error.ts';
import { say } from './output.ts';
import { createProgram } from './program.ts';

/** Runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage, 3 on hold, 130 interrupted. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...argv], { from: 'user' });
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { message, exitCode } = explainError(error);
    if (message !== '') say(message);
    return exitCode;
  }
}
