import { type Command, Option } from 'commander';
import { reasonCodes } from '../domain/reason.ts';
import { examples, flags } from './flags.ts';
import { wholeNumber } from './options.ts';

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
  addQuarantineCommands(program);
}

function reasonOption(): Option {
  return new Option('--reason <reason>', 'lines with this reason alone').choices([
    ...reasonCodes,
    'superseded',
  ]);
}

function addQuarantineCommands(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('the rejected lines of an arrival day: look at them, mend them, land them again')
    .addHelpText(
      'after',
      examples(
        'quarantine list 2026-01-31',
        'quarantine show 2026-01-31 --format ndjson > mend.ndjson',
        'quarantine replay 2026-01-31 --edited mend.ndjson',
      ),
    );
  const load = () => import('./commands/quarantine.ts');
  quarantine
    .command('list')
    .description(
      'how many lines have which reason in which object, with one of them each; or the days of a range',
    )
    .argument('[day]', flags.day[1], flags.day[2])
    .addOption(reasonOption())
    .option(...flags.from)
    .option(...flags.to)
    .option(...flags.json)
    .addHelpText(
      'after',
      examples('quarantine list 2026-01-31', 'quarantine list --from 2026-01-01 --to 2026-01-31'),
    )
    .action(async (day, options) => (await load()).listQuarantine(day, options));
  quarantine
    .command('show')
    .description('the lines themselves: where they stand, what is wrong with them, and their text')
    .argument(...flags.day)
    .addOption(reasonOption())
    .option('--object <key>', 'lines of this raw object alone: its key, or its name within the day')
    .option('--limit <n>', 'lines to show (default: 20; ndjson: all)', wholeNumber(1, 1_000_000_000))
    .addOption(
      new Option('--format <format>', 'ndjson takes the lines out to be mended')
        .choices(['table', 'ndjson', 'json'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples(
        'quarantine show 2026-01-31 --reason wrong_type',
        'quarantine show 2026-01-31 --format ndjson > mend.ndjson',
      ),
    )
    .action(async (day, options) => (await load()).showQuarantine(day, options));
  quarantine
    .command('replay')
    .description('land mended lines in the place of the rejected ones, once, and run the day')
    .argument(...flags.day)
    .requiredOption('--edited <file>', 'lines of quarantine show --format ndjson, mended')
    .option('--dry-run', 'say what each line would become, and change nothing')
    .option(...flags.noWait)
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'quarantine replay 2026-01-31 --edited mend.ndjson --dry-run',
        'quarantine replay 2026-01-31 --edited mend.ndjson',
      ),
    )
    .action(async (day, options) => (await import('./commands/replay.ts')).replayLines(day, options));
}
