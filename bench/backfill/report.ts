import { type Column, formatCount, printLine, printTable } from '../../src/cli/output.ts';
import type { Measured, QuestlineTimes } from './questline.ts';
import type { ScriptTimes, Totals } from './rivals.ts';

/** One run of each, one after the other. */
export interface Round {
  readonly questline: QuestlineTimes;
  /** By the script's name. */
  readonly scripts: Readonly<Record<string, ScriptTimes>>;
}

type Cells = readonly string[];

/** Prints the medians of some rounds; ratios are medians of the rounds' own. */
export function printReport(rounds: readonly Round[]): void {
  printWaits(rounds);
  printStages(rounds);
  printTemporal(rounds);
  printComparison(rounds);
  printTotals(rounds);
}

function printWaits(rounds: readonly Round[]): void {
  const row = (what: string, seconds: (one: QuestlineTimes) => number, hasLines = false): Cells => {
    const took = median(rounds.map(({ questline }) => seconds(questline)));
    const lines = rounds[0]?.questline.lines ?? 0;
    return [what, took.toFixed(1), hasLines ? formatCount(Math.round(lines / took)) : ''];
  };
  print(
    ['what', 'seconds', 'lines a second'],
    [
      row('start, empty', (one) => one.startSeconds),
      row('generate 30 days', (one) => one.generateSeconds, true),
      row('backfill 30 landed days', (one) => one.backfill.wallSeconds, true),
      row('the same backfill again', (one) => one.again.wallSeconds),
      row('start, with 30 days', (one) => one.startAgainSeconds),
    ],
  );
}

function printStages(rounds: readonly Round[]): void {
  const stages = rounds[0]?.questline.backfill.stages ?? [];
  const rows = stages.map(({ stage, runs, eventsASecond }): Cells => {
    const own = rounds.flatMap(({ questline }) =>
      questline.backfill.stages.filter((one) => one.stage === stage),
    );
    const speed = median(own.map((one) => one.eventsASecond ?? 0));
    return [
      stage,
      String(runs),
      median(own.map(({ busySeconds }) => busySeconds)).toFixed(1),
      eventsASecond === null ? '' : formatCount(Math.round(speed)),
    ];
  });
  printLine('\nThe stages of the backfill; their seconds overlap, as many at once as there are slots:');
  print(['stage', 'runs', 'seconds', 'events a second'], rows);
}

function printTemporal(rounds: readonly Round[]): void {
  const both = (figure: (one: Measured) => number | null, digits = 1): Cells =>
    (['backfill', 'again'] as const).map((which) => {
      const found = rounds.map(({ questline }) => figure(questline[which]));
      return found.some((one) => one === null) ? 'unknown' : median(found.map(Number)).toFixed(digits);
    });
  const most = Math.max(...rounds.map(({ questline }) => questline.backfill.secondsByRunning.length));
  const running = Array.from(
    { length: most },
    (_, n): Cells => [
      `seconds with ${n === 0 ? 'no stage' : n} running`,
      ...both(({ secondsByRunning }) => secondsByRunning[n] ?? 0),
    ],
  );
  const processes = Object.keys(rounds[0]?.questline.backfill.cpuSeconds ?? {}).map(
    (name): Cells => [`processor seconds of ${name}`, ...both(({ cpuSeconds }) => cpuSeconds[name] ?? null)],
  );
  printLine('\nWhere the time goes; the backfill again finds everything, so what it takes is orchestration:');
  print(
    ['what', 'backfill', 'again'],
    [
      ['wall seconds', ...both(({ wallSeconds }) => wallSeconds)],
      ...running,
      ...processes,
      ['workflow tasks', ...both(({ workflowTaskRun }) => workflowTaskRun.count, 0)],
      [
        'ms until one starts, mean',
        ...both(({ workflowTaskWait }) => workflowTaskWait.meanSeconds * 1000, 0),
      ],
      ['ms that one takes, mean', ...both(({ workflowTaskRun }) => workflowTaskRun.meanSeconds * 1000, 0)],
      ['s until a stage has a slot, mean', ...both(({ activityWait }) => activityWait.meanSeconds)],
    ],
  );
}

function printComparison(rounds: readonly Round[]): void {
  const ours = rounds.map(({ questline }) => questline.backfill);
  const workers = ours.map(({ cpuSeconds }) => cpuSeconds['worker'] ?? null);
  const rows: Cells[] = [
    [
      'Questline, fifteen tables',
      median(ours.map(({ wallSeconds }) => wallSeconds)).toFixed(1),
      showMedian(workers),
      '',
      '',
    ],
  ];
  for (const name of namesOf(rounds)) {
    const theirs = rounds.map(({ scripts }) => scripts[name] as ScriptTimes);
    const wall = ours.map(({ wallSeconds }, n) => wallSeconds / (theirs[n]?.wallSeconds ?? 1));
    const cpu = workers.map((worker, n) => (worker === null ? null : worker / (theirs[n]?.cpuSeconds ?? 1)));
    rows.push([
      `${name}, three tables`,
      median(theirs.map(({ wallSeconds }) => wallSeconds)).toFixed(1),
      median(theirs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1),
      median(wall).toFixed(2),
      showMedian(cpu, 2),
    ]);
  }
  printLine('\nBeside plain scripts of three of the tables (no ledger, quarantine, audit, mirror or runs):');
  print(['what', 'wall s', 'cpu s (the worker’s)', 'Questline ÷ it, wall', 'Questline ÷ it, cpu'], rows);
}

function printTotals([round]: readonly Round[]): void {
  if (round === undefined) return;
  const all: Readonly<Record<string, Totals>> = {
    Questline: round.questline.totals,
    ...Object.fromEntries(Object.entries(round.scripts).map(([name, { totals }]) => [name, totals])),
  };
  const rows = Object.entries(all).map(
    ([name, { events, dau, revenue, adRevenue, newPlayers, retainedOnDay1 }]): Cells => [
      name,
      formatCount(events),
      formatCount(dau),
      revenue.toFixed(2),
      adRevenue.toFixed(2),
      formatCount(newPlayers),
      formatCount(retainedOnDay1),
    ],
  );
  printLine('\nSums of the tables, which agree when the work is the same:');
  print(['by', 'events', 'DAU', 'revenue', 'ad revenue', 'new players', 'back on day 1'], rows);
}

function namesOf(rounds: readonly Round[]): string[] {
  return Object.keys(rounds[0]?.scripts ?? {});
}

function print(heads: readonly string[], rows: readonly Cells[]): void {
  const columns = heads.map(
    (head, n): Column<Cells> => ({
      head,
      align: n === 0 ? 'left' : 'right',
      value: (row) => row[n] ?? '',
    }),
  );
  printTable(columns, rows);
}

function showMedian(values: readonly (number | null)[], digits = 1): string {
  return values.includes(null) ? 'unknown' : median(values.map(Number)).toFixed(digits);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}
