import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { dayChoices } from '../domain/day-choice.ts';
import { MOST_DAYS_AT_ONCE } from '../domain/pace.ts';
import { examples, flags } from './flags.ts';
import { scenarioOption, wholeNumber } from './options.ts';

/** `backfill` with what changes one that runs. */
export function addBackfillCommands(program: Command): void {
  const backfill = program
    .command('backfill')
    .description('run every arrival day of a range, both ends included, and follow it')
    .option(...flags.from)
    .option(...flags.to)
    .addOption(
      new Option('--only <which>', 'take all days, or only those never published, failed, or changed since')
        .choices(dayChoices)
        .default('all'),
    )
    .option('--dry-run', 'tell what it would do, and do nothing')
    .option('--concurrency <n>', 'days at once', wholeNumber(1, MOST_DAYS_AT_ONCE))
    .option('--generate', 'make synthetic events first for days without landed data')
    .option(...flags.preset)
    .addOption(scenarioOption())
    .option(...flags.noWait)
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'backfill --from 2026-01-01 --to 2026-01-30',
        'backfill --from 2026-01-01 --to 2026-03-31 --concurrency 8 --no-wait',
        'backfill --from 2026-01-01 --to 2026-01-30 --only changed --dry-run',
        'backfill pause --why "the cluster is needed for the launch"',
        'backfill concurrency 2',
      ),
    )
    .action(async (options) => (await import('./commands/run.ts')).runBackfill(options));
  const load = () => import('./commands/backfill-control.ts');
  const control = (name: string, description: string) =>
    backfill
      .command(name)
      .description(`${description}; the backfill that runs when --from and --to are left out`)
      .option(...flags.from)
      .option(...flags.to)
      .option(...flags.json);
  control('pause', 'begin no further day; those at work go on')
    .requiredOption('--why <text>', 'why, for whoever finds it paused')
    .option('--by <name>', 'who pauses it', userInfo().username)
    .action(async (options) => (await load()).pauseBackfill(options));
  control('resume', 'begin days again').action(async (options) => (await load()).resumeBackfill(options));
  control('concurrency', 'take so many days at once from now on')
    .argument('<n>', 'days at once', wholeNumber(1, MOST_DAYS_AT_ONCE))
    .action(async (n, options) => (await load()).changeConcurrency(n, options));
  control('cancel', 'begin no further day, cancel those at work, and wait until they have ended').action(
    async (options) => (await load()).cancelBackfill(options),
  );
}
