import { resolve } from 'node:path';
import { checkLaunch, type GeneratorPlan, planGenerator } from '../../activities/generate.ts';
import { ConfigError } from '../../config/config-error.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { type Day, listDays } from '../../domain/day.ts';
import { Simulation } from '../../generator/simulation.ts';
import type { OutputSpec } from '../../generator/spec.ts';
import { FolderSink } from '../../storage/folder-sink.ts';
import type { ObjectSink } from '../../storage/object-store.ts';
import { compareWithIntent } from '../compare-with-intent.ts';
import { type GeneratedDay, type GeneratedRange, generateDays } from '../generate-days.ts';
import { rangeOf } from '../options.ts';
import { formatBytes, formatCount, printJson, printLine, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface GenerateOptions {
  readonly from: Day;
  readonly to: Day;
  readonly preset?: string;
  readonly scenario?: string;
  readonly players?: number;
  readonly seed?: number;
  readonly defect?: Readonly<Record<string, number>>;
  readonly format?: OutputSpec['format'];
  readonly compression?: OutputSpec['compression'];
  readonly files?: number;
  readonly out?: string;
  readonly json?: boolean;
}

const MOST_DAYS = 3660;

/** `questline generate`: synthetic events of a range with their truth, into the bucket or a folder. */
export async function runGenerate(options: GenerateOptions): Promise<void> {
  const range = rangeOf(options.from, options.to);
  const days = listDays(range);
  if (days.length > MOST_DAYS) {
    throw new UsageError(
      `${range.from} to ${range.to} are ${formatCount(days.length)} days; at most ${formatCount(MOST_DAYS)} at a time.`,
    );
  }
  const { config } = loadConfig();
  const plan = planFor(config, options);
  checkLaunch(plan.spec, range.from);
  const simulation = new Simulation(plan.spec);
  const generate = (sink: ObjectSink) =>
    untilStopped((stop) => generateDays(sink, simulation, plan, days, stop));
  const made =
    options.out === undefined
      ? await withSession(async (session) => generate(await session.store()))
      : await generate(new FolderSink(resolve(options.out)));
  if (made.stopped) {
    say(`Stopped after ${made.days.length} of ${days.length} days. The same command goes on from there.`);
    process.exitCode = 130;
    return;
  }
  report(plan, simulation, made, options);
}

function report(
  plan: GeneratorPlan,
  simulation: Simulation,
  { days, truth }: GeneratedRange,
  { json = false }: GenerateOptions,
): void {
  const comparison = truth === null ? [] : compareWithIntent(simulation, truth);
  if (json) {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const used = { peakMemoryBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
    return printJson({ ...plan, days, truth, comparison, process: used });
  }
  printDays(days);
  if (comparison.length === 0) return;
  printLine(`\nCompared with what the preset ${plan.identity.preset} is meant to make:`);
  printTable(
    [
      { head: 'figure', value: ({ figure }) => figure },
      { head: 'made', align: 'right', value: (row) => row.made },
      { head: 'meant', align: 'right', value: (row) => row.meant },
      { head: 'difference', align: 'right', value: (row) => row.difference },
    ],
    comparison,
  );
}

function planFor(config: Config, options: GenerateOptions): GeneratorPlan {
  const { preset, scenario, players, seed, defect, format, compression, files } = options;
  try {
    return planGenerator(
      config,
      {
        ...(preset === undefined ? {} : { preset }),
        ...(scenario === undefined ? {} : { scenario }),
        ...(players === undefined ? {} : { players }),
        ...(seed === undefined ? {} : { seed }),
      },
      {
        ...(defect === undefined ? {} : { defects: defect }),
        output: {
          ...(format === undefined ? {} : { format }),
          ...(compression === undefined ? {} : { compression }),
          ...(files === undefined ? {} : { files }),
        },
      },
    );
  } catch (error) {
    const asked = [preset, scenario, defect, compression].some((option) => option !== undefined);
    if (error instanceof ConfigError && asked) throw new UsageError(error.message);
    throw error;
  }
}

/** Calls `use` with a signal that Ctrl-C gives. */
async function untilStopped<T>(use: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    return await use(stop.signal);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, onSignal);
  }
}

function printDays(days: readonly GeneratedDay[]): void {
  printTable(
    [
      { head: 'day', value: ({ day }) => day },
      { head: 'state', value: ({ state }) => state },
      { head: 'players', align: 'right', value: ({ players }) => formatCount(players) },
      { head: 'events', align: 'right', value: ({ events }) => formatCount(events) },
      { head: 'lines', align: 'right', value: ({ lines }) => formatCount(lines) },
      { head: 'size', align: 'right', value: ({ bytes }) => formatBytes(bytes) },
    ],
    days,
  );
}
