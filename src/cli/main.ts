import { runProgram } from './run-program.ts';

process.channel?.unref();
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});
// Nobody reading what is said is no reason to leave servers without an orderly end.
process.stderr.on('error', () => {});
process.exitCode = await runProgram(process.argv.slice(2));
if (process.exitCode !== 0) process.exit();
