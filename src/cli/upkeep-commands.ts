import type { Command } from 'commander';
import { examples, flags } from './flags.ts';
import { wholeNumber } from './options.ts';

/** The commands of whoever looks after the catalog: its snapshots, going back to one, verifying and cleaning up. */
export function addUpkeepCommands(program: Command): void {
  program
    .command('snapshots')
    .description('the kept snapshots, newest first: what each changed, and the run that committed it')
    .option('--limit <n>', 'snapshots to show', wholeNumber(1, 100_000), 20)
    .option(...flags.json)
    .addHelpText('after', examples('snapshots', 'snapshots --limit 5 --json'))
    .action(async (options) => (await import('./commands/snapshots.ts')).runSnapshots(options));
  program
    .command('rollback')
    .description('publish the tables of an earlier snapshot again; needs the bucket alone')
    .requiredOption('--to <snapshot>', 'its id, or the beginning of it: see questline snapshots')
    .requiredOption('--by <who>', 'who decides: kept with the snapshot')
    .requiredOption('--why <text>', 'the reason: kept with the snapshot')
    .option('--dry-run', 'say what would change, and change nothing')
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'rollback --to 00000041 --by ann --why "prices of 2026-01-30 were in cents" --dry-run',
        'rollback --to 00000041 --by ann --why "prices of 2026-01-30 were in cents"',
      ),
    )
    .action(async (options) => (await import('./commands/rollback.ts')).runRollback(options));
  program
    .command('gc')
    .description(
      'remove what no kept snapshot names, in two calls with the grace between them; never raw data',
    )
    .option('--dry-run', 'say what would go, and change nothing (the default)')
    .option('--yes', 'do it')
    .option(...flags.json)
    .addHelpText('after', examples('gc', 'gc --yes   # once a day, by cron'))
    .action(async (options) => (await import('./commands/gc.ts')).runGc(options));
  program
    .command('verify')
    .description(
      'check what is published: catalog, ledgers, every object, raw inputs, mirror; exit code 1 on a fault',
    )
    .option('--from <day>', 'first day whose objects are read, YYYY-MM-DD', flags.from[2])
    .option('--to <day>', 'last day, included', flags.to[2])
    .option('--deep', 'make every table again from the raw data and compare; takes as long as a backfill')
    .option(...flags.json)
    .addHelpText(
      'after',
      examples('verify', 'verify --from 2026-01-20 --to 2026-01-30 --deep', 'verify --json'),
    )
    .action(async (options) => (await import('./commands/verify.ts')).runVerify(options));
}
