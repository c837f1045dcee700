import { resolve } from 'node:path';
import { createProgress } from '../../../infra/bootstrap/progress.mjs';
import { checkLaunch, findReasonToSkip, specOf } from '../../activities/generate.ts';
import { loadConfig } from '../../config/load.ts';
import { type Day, listDays } from '../../domain/day.ts';
import type { GeneratorSpec } from '../../generator/spec.ts';
import { FolderSink } from '../../storage/folder-sink.ts';
import { generatedKey, landGeneratedDay, landGeneratedProfiles } from '../../storage/land-generated.ts';
import type { ObjectSink } from '../../storage/object-store.ts';
import { rangeOf } from '../options.ts';
import { formatBytes, formatCount, printJson, printTable } from '../output.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface GenerateOptions {
  readonly from: Day;
  readonly to: Day;
  readonly players?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

interface GeneratedDay {
  readonly day: Day;
  readonly key: string;
  readonly state: 'generated' | 'there already' | 'has landed data';
  readonly events: number;
  readonly lines: number;
  readonly bytes: number;
  readonly players: number;
}

const MOST_DAYS = 3660;

/** `questline generate`: synthetic events of a range, into the bucket or a folder. */
export async function runGenerate(options: GenerateOptions): Promise<void> {
  const range = rangeOf(options.from, options.to);
  const days = listDays(range);
  if (days.length > MOST_DAYS) {
    throw new UsageError(
      `${range.from} to ${range.to} are ${formatCount(days.length)} days; at most ${formatCount(MOST_DAYS)} at a time.`,
    );
  }
  const { config } = loadConfig();
  const request = {
    players: options.players ?? config.generator.players,
    seed: options.seed ?? config.generator.seed,
  };
  const spec = specOf(config, request);
  checkLaunch(spec, range.from);
  const made =
    options.out === undefined
      ? await withSession(async (session) => {
          const store = await session.store();
          return generateAll(store, spec, days, (day) =>
            findReasonToSkip(store, day, generatedKey(spec, day)),
          );
        })
      : await generateAll(new FolderSink(resolve(options.out)), spec, days, async () => null);
  if (options.json === true) return printJson({ spec, days: made });
  printDays(made);
}

async function generateAll(
  sink: ObjectSink,
  spec: GeneratorSpec,
  days: readonly Day[],
  findReason: (day: Day) => Promise<'made-before' | 'landed-data' | null>,
): Promise<GeneratedDay[]> {
  const progress = createProgress();
  const task = progress.begin('events', 'starting');
  const made: GeneratedDay[] = [];
  let total = 0;
  const began = Date.now();
  try {
    await landGeneratedProfiles(sink, spec);
    for (const day of days) {
      task.update(
        `${day}, ${formatCount(Math.round(total / Math.max(0.1, (Date.now() - began) / 1000)))} events a second`,
      );
      const reason = await findReason(day);
      const nothing = { events: 0, lines: 0, bytes: 0, players: 0 };
      const summary = reason === null ? await landGeneratedDay(sink, spec, day) : nothing;
      total += summary.events;
      const state =
        reason === null ? 'generated' : reason === 'made-before' ? 'there already' : 'has landed data';
      const { events, lines, bytes, players } = summary;
      made.push({ day, key: generatedKey(spec, day), state, events, lines, bytes, players });
    }
    task.end(`${formatCount(total)} on ${days.length} days`);
    return made;
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
