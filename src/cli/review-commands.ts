import type { Command } from 'commander';
import { examples, flags } from './flags.ts';

const BY = ['--by <who>', 'who decides: kept with the day'] as const;
const WHY = ['--why <text>', 'the reason: kept with the day'] as const;

/** The commands of whoever looks after a day: its report, and the decision about one on hold. */
export function addReviewCommands(program: Command): void {
  program
    .command('report')
    .description('what the last run of an arrival day found: its ledger and its quality checks')
    .argument(...flags.day)
    .option(...flags.json)
    .addHelpText('after', examples('report 2026-01-31', 'report 2026-01-31 --json'))
    .action(async (day, options) => (await import('./commands/report.ts')).runReport(day, options));
  program
    .command('approve')
    .description('let a day on hold pass its quality gate, and publish it')
    .argument(...flags.day)
    .requiredOption(...BY)
    .requiredOption(...WHY)
    .option('--no-wait', 'return when the decision is kept, before the day is published')
    .option(...flags.json)
    .addHelpText('after', examples('approve 2026-01-31 --by ann --why "the new bundle costs 1,499"'))
    .action(async (day, options) => (await import('./commands/decide.ts')).approveDay(day, options));
  program
    .command('reject')
    .description('fail a day on hold; what was published before stays')
    .argument(...flags.day)
    .requiredOption(...BY)
    .requiredOption(...WHY)
    .option(...flags.json)
    .addHelpText('after', examples('reject 2026-01-31 --by ann --why "cents were sent as dollars"'))
    .action(async (day, options) => (await import('./commands/decide.ts')).rejectDay(day, options));
}
