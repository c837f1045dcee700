import { resolve } from 'node:path';
import { createProgress } from '../../../infra/bootstrap/progress.mjs';
import {
  checkLaunch,
  findReasonToSkip,
  type GeneratorPlan,
  planGenerator,
} from '../../activities/generate.ts';
import { ConfigError } from '../../config/config-error.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { type Day, listDays } from '../../domain/day.ts';
import { Simulation } from '../../generator/simulation.ts';
import type { OutputSpec } from '../../generator/spec.ts';
import { type DayTruth, describeRange, type RangeTruth } from '../../generator/truth.ts';
import { FolderSink } from '../../storage/folder-sink.ts';
import { landGeneratedDay, landGeneratedProfiles, landRangeTruth } from '../../storage/land-generated.ts';
import type { ObjectSink } from '../../storage/object-store.ts';
import { compareWithIntent } from '../compare-with-intent.ts';
import { rangeOf } from '../options.ts';
import { formatBytes, formatCount, printJson, printTable, say } from '../output.ts';
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

interface GeneratedDay {
  readonly day: Day;
  readonly keys: readonly string[];
  readonly state: 'generated' | 'there already' | 'has landed data';
  readonly events: number;
  readonly lines: number;
  readonly bytes: number;
  readonly players: number;
}

interface Generated {
  readonly days: readonly GeneratedDay[];
  /** Null when a day of the range was left out. */
  readonly truth: RangeTruth | null;
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
  const { days: made, truth } =
    options.out === undefined
      ? await withSession(async (session) => generateAll(await session.store(), simulation, plan, days))
      : await generateAll(new FolderSink(resolve(options.out)), simulation, plan, days);
  const comparison = truth === null ? [] : compareWithIntent(simulation, truth);
  if (options.json === true) {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const used = { peakMemoryBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
    return printJson({ ...plan, days: made, truth, comparison, process: used });
  }
  printDays(made);
  if (comparison.length === 0) return;
  say(`\nCompared with what the preset ${plan.identity.preset} is meant to make:`);
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

async function generateAll(
  sink: ObjectSink,
  simulation: Simulation,
  { spec, identity }: GeneratorPlan,
  days: readonly Day[],
): Promise<Generated> {
  const progress = createProgress();
  const task = progress.begin('events', 'starting');
  const made: GeneratedDay[] = [];
  const truths: DayTruth[] = [];
  const seen = { active: new Set<number>(), paid: new Set<number>() };
  const began = Date.now();
  let total = 0;
  const rate = () => `${formatCount(Math.round((total * 1000) / Math.max(1, Date.now() - began)))} a second`;
  try {
    await landGeneratedProfiles(sink, simulation);
    for (const [n, day] of days.entries()) {
      task.update(`${day}, day ${n + 1} of ${days.length}, ${formatCount(total)} so far, ${rate()}`);
      const reason = await findReasonToSkip(sink, spec, day);
      if (reason === 'landed-data') {
        made.push({ day, keys: [], state: 'has landed data', events: 0, lines: 0, bytes: 0, players: 0 });
        continue;
      }
      const truth = await landGeneratedDay(sink, simulation, identity, day, {
        onPlayer: (index, { active, paid }) => {
          if (active) seen.active.add(index);
          if (paid) seen.paid.add(index);
        },
      });
      const { events, players } = truth.simulated;
      const { lines, bytes } = truth.arrival;
      const state = reason === null ? 'generated' : 'there already';
      const keys = truth.arrival.objects.map(({ key }) => key);
      made.push({ day, keys, state, events, lines, bytes, players });
      truths.push(truth);
      total += events;
    }
    task.end(`${formatCount(total)} on ${truths.length} days, ${rate()}`);
    const [first, ...rest] = truths;
    if (first === undefined || truths.length < days.length) return { days: made, truth: null };
    const truth = describeRange([first, ...rest], seen.active.size, seen.paid.size);
    await landRangeTruth(sink, truth);
    return { days: made, truth };
  } finally {
    progress.stop();
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
