import { CommanderError } from 'commander';
import { explainError } from './explain-error.ts';
import { say } from './output.ts';
import { createProgram } from './program.ts';

/** Runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  process.channel?.unref();
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

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});
// Nobody reading what is said is no reason to leave servers without an orderly end.
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
if (process.exitCode !== 0) process.exit();
