import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { projectRoot } from '../config/load.ts';
import { addAutomationCommands } from './automation-commands.ts';
import { addBackfillCommands } from './backfill-commands.ts';
import { examples, flags } from './flags.ts';
import { dayArgument, rateByName, scenarioOption, wholeNumber } from './options.ts';
import { addReviewCommands } from './review-commands.ts';
import { addUpkeepCommands } from './upkeep-commands.ts';

const PLAYERS = ['--players <n>', 'number of players', wholeNumber(1, 1_000_000)] as const;
const SEED = ['--seed <n>', 'the same seed makes the same events', wholeNumber(0, 4_294_967_295)] as const;

/** The command line: each command's module is loaded when it is called, so that help is quick. */
export function createProgram(): Command {
  const program = new Command('questline')
    .description('Game event analytics: raw player events to daily metrics, every line accounted for.')
    .version(readVersion())
    .enablePositionalOptions()
    .configureHelp({ sortSubcommands: false });
  addServerCommands(program);
  addDataCommands(program);
  addRunCommands(program);
  addAutomationCommands(program);
  addReviewCommands(program);
  addReportCommands(program);
  addUpkeepCommands(program);
  for (const command of [program, ...allCommands(program)]) {
    command.exitOverride().showHelpAfterError(`Run npx ${pathOf(command)} --help to see how it is used.`);
  }
  return program;
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

function pathOf(command: Command): string {
  const parent = command.parent === null ? '' : pathOf(command.parent);
  return `${parent} ${command.name()}`.trim();
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

function addServerCommands(program: Command): void {
  program
    .command('start')
    .description(
      'bring up Temporal, MinIO, a worker and the dashboard, and fill an empty bucket with 30 days of a synthetic game',
    )
    .option('--no-demo', 'leave an empty bucket empty')
    .addHelpText('after', examples('start', 'start --no-demo'))
    .action(async (options) => (await import('./commands/start.ts')).runStart(options));
  program
    .command('worker')
    .description('run a worker on both task queues until it is ended')
    .option('--ready-file <path>', 'write this file when the worker polls')
    .addHelpText(
      'after',
      examples('worker', 'worker   # once more on another machine, with the same configuration'),
    )
    .action(async (options) => (await import('./commands/worker.ts')).runWorkerCommand(options));
  program
    .command('dashboard')
    .description('serve the dashboard’s page and its JSON API over the configured bucket until it is ended')
    .option('--port <port>', 'port to listen on, and no other; 0 takes any free one', wholeNumber(0, 65_535))
    .option('--ready-file <path>', 'write this file when it answers')
    .addHelpText('after', examples('dashboard', 'dashboard --port 8080'))
    .action(async (options) => (await import('./commands/dashboard.ts')).runDashboardCommand(options));
  const builds = program
    .command('builds')
    .description('the builds of the worker’s code that Temporal knows, and which one new runs begin on')
    .option(...flags.json)
    .addHelpText('after', examples('builds', 'builds promote 4f2c9e1'))
    .action(async (options) => (await import('./commands/builds.ts')).listBuilds(options));
  builds
    .command('promote')
    .description('let new runs begin on a build; those that began on another stay with that')
    .argument('<build>', 'its worker.buildId')
    .action(async (build) => (await import('./commands/builds.ts')).promoteBuild(build));
  program
    .command('doctor')
    .description(
      'check versions, servers, rights, clock and disk, and say what to do about each failing line',
    )
    .option(...flags.json)
    .addHelpText('after', examples('doctor', 'doctor --json'))
    .action(async (options) => (await import('./commands/doctor.ts')).runDoctor(options));
}

function addDataCommands(program: Command): void {
  program
    .command('generate')
    .description('make synthetic events, into the bucket or a folder with the same layout')
    .requiredOption(...flags.from)
    .requiredOption(...flags.to)
    .option(...flags.preset)
    .addOption(scenarioOption())
    .option(...PLAYERS)
    .option(...SEED)
    .option('--defect <kind=rate>', 'share of events with a kind of defect; can be given again', rateByName)
    .addOption(new Option('--format <format>', 'format of the files').choices(['ndjson', 'csv']))
    .addOption(
      new Option('--compression <kind>', 'compression of the files').choices(['none', 'gzip', 'zstd']),
    )
    .option('--files <n>', 'files a day', wholeNumber(1, 1000))
    .option('--out <folder>', 'write into this folder instead of the bucket')
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'generate --from 2026-01-01 --to 2026-01-30',
        'generate --from 2026-01-01 --to 2026-01-14 --preset tiny --seed 7 --out ./events',
        'generate --from 2026-01-31 --to 2026-01-31 --scenario null-flood   # a day that its gate has to stop',
        'generate --from 2026-01-01 --to 2026-01-07 --defect late=0.01 --format csv --compression zstd --out ./events',
      ),
    )
    .action(async (options) => (await import('./commands/generate.ts')).runGenerate(options));
  program
    .command('land')
    .description('upload files of events, or a folder laid out as raw/dt=YYYY-MM-DD')
    .argument('<paths...>', 'files (.ndjson, .csv, each also .gz or .zst) or folders')
    .option(
      '--day <day>',
      'arrival day of a CSV file, or of lines without a readable timestamp (default: the newest day in the file)',
      dayArgument,
    )
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'land events.ndjson',
        'land ./export   # a folder with raw/dt=…',
        'land bad.ndjson --day 2026-01-31',
        'land export.csv.gz --day 2026-01-31',
      ),
    )
    .action(async (paths, options) => (await import('./commands/land.ts')).runLand(paths, options));
}

function addRunCommands(program: Command): void {
  program
    .command('run')
    .description('run one arrival day and follow it')
    .argument(...flags.day)
    .option('--generate', 'make synthetic events first, unless the day holds landed data')
    .option(...flags.preset)
    .addOption(scenarioOption())
    .option(...flags.noWait)
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'run 2026-01-31',
        'run 2026-01-31 --generate --scenario too-few-events',
        'run 2026-01-31 --no-wait',
      ),
    )
    .action(async (day, options) => (await import('./commands/run.ts')).runDay(day, options));
  addBackfillCommands(program);
}

function addReportCommands(program: Command): void {
  program
    .command('status')
    .description('a table of arrival days: state, stage, rows, seconds, link to the run')
    .option(...flags.from)
    .option(...flags.to)
    .option('--restatements', 'instead: values of complete days that later publishes changed, newest first')
    .option('--limit <n>', 'most values shown with --restatements (default: 20)', wholeNumber(1, 100_000))
    .option(...flags.json)
    .addHelpText(
      'after',
      examples(
        'status',
        'status --from 2026-01-20 --to 2026-01-30 --json',
        'status --restatements --from 2026-01-20',
      ),
    )
    .action(async (options) =>
      options.restatements === true
        ? (await import('./commands/restatements.ts')).showRestatements(options)
        : (await import('./commands/status.ts')).runStatus(options),
    );
  program
    .command('query')
    .description('ask the published tables in DuckDB’s SQL')
    .argument('[sql]', 'a query; the tables stand under their names')
    .option('--file <file>', 'read the query from a file, such as one of sql/')
    .option(...flags.asOf)
    .option('--format <format>', 'table, csv or json', 'table')
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples(
        'query "select date, dau, revenue from daily_metrics order by date"',
        'query "select cohort_date, rate from retention_cohorts where kind = \'classic\' and day_n = 7 and mature" --format csv',
        'query "from events_enriched where event_type = \'purchase\' limit 10"',
        'query --file sql/daily_metrics.sql',
        'query --as-of 00000041 "select date, dau from daily_metrics"',
      ),
    )
    .action(async (sql, options) => (await import('./commands/query.ts')).runQuery(sql, options));
  program
    .command('export')
    .description('write a published table into a file')
    .argument('<table>', 'a published table, or events_enriched')
    .option(...flags.from)
    .option(...flags.to)
    .option(...flags.asOf)
    .option('--format <format>', 'csv, parquet or ndjson', 'csv')
    .option('--out <file>', 'file to write; TABLE.FORMAT in this folder when left out')
    .option('--force', 'replace the file if it is there')
    .option(...flags.json)
    .addHelpText(
      'after',
      `\nCSV opens right in spreadsheets: UTF-8 with a byte order mark, times in UTC to the millisecond, and an apostrophe before
a text that a spreadsheet would take for a formula. Parquet and NDJSON hold every value as it is.
${examples(
  'export daily_metrics',
  'export daily_metrics --from 2026-01-01 --to 2026-01-30 --out january.csv',
  'export events_enriched --from 2026-01-30 --format parquet --out events.parquet',
)}`,
    )
    .action(async (table, options) => (await import('./commands/export.ts')).runExport(table, options));
  program
    .command('config')
    .description('the effective configuration')
    .addHelpText('after', examples('config show', 'config show --json'))
    .command('show')
    .description('every key with its value and where it came from; secrets are masked')
    .option(...flags.json)
    .action(async (options) => (await import('./commands/config.ts')).showConfig(options));
}
