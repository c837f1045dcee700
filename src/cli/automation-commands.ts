import type { Command } from 'commander';
import { examples, flags } from './flags.ts';
import { wholeNumber } from './options.ts';

const BY = ['--by <who>', 'who does it, kept with the note (default: your user name)'] as const;

/** The commands of what runs by itself: the daily schedule and the landing watch. */
export function addAutomationCommands(program: Command): void {
  addScheduleCommands(program);
  program
    .command('watch')
    .description(
      'run each day whose raw data is other than what is published, once nothing more lands for it',
    )
    .option(
      '--quiet <seconds>',
      'how long nothing may land for a day before it is run',
      wholeNumber(1, 86_400),
    )
    .option('--poll <seconds>', 'time between two listings of the recent days', wholeNumber(1, 86_400))
    .option('--from <day>', 'leave days before this one alone, YYYY-MM-DD', flags.from[2])
    .option('--once', 'look once, start what is due, and end: for cron')
    .option('--json', 'print a JSON object a line')
    .addHelpText('after', examples('watch', 'watch --quiet 300 --from 2026-01-01', 'watch --once'))
    .action(async (options) => (await import('./commands/watch.ts')).runWatchCommand(options));
}

function addScheduleCommands(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('the daily run, as the configuration’s schedule section says')
    .addHelpText(
      'after',
      examples('schedule apply', 'schedule show', 'schedule pause --note "investigating 2026-02-03"'),
    );
  const load = () => import('./commands/schedule.ts');
  schedule
    .command('apply')
    .description('create the schedule or bring it in step with the configuration; a pause stays')
    .option(...flags.json)
    .action(async (options) => (await load()).applySchedule(options));
  schedule
    .command('show')
    .description('what it runs, whether it is paused and why, its next and last ten runs')
    .option(...flags.json)
    .action(async (options) => (await load()).showSchedule(options));
  schedule
    .command('pause')
    .description('start no runs until it is resumed')
    .requiredOption('--note <text>', 'why')
    .option(...BY)
    .action(async (options) => (await load()).pauseSchedule(options));
  schedule
    .command('resume')
    .description('start runs again; those missed in the pause are not made up for')
    .option('--note <text>', 'why', 'resumed')
    .option(...BY)
    .action(async (options) => (await load()).resumeSchedule(options));
  schedule
    .command('remove')
    .description('delete the schedule; runs and data stay')
    .action(async () => (await load()).removeSchedule());
}
