import { createReadStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Day } from '../../src/domain/day.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import type { GeneratorSpec } from '../../src/generator/spec.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { type ReadArrival, readArrival } from '../../src/ingest/read-arrival.ts';
import { FolderSink } from '../../src/storage/folder-sink.ts';
import { landGeneratedDay, landGeneratedProfiles } from '../../src/storage/land-generated.ts';

/** Limits for DuckDB in these tests. */
export const duckDb = { threads: 1, memoryMb: 1024 };

/** Days that were generated into a folder, and their truths. */
export interface LandedRange {
  readonly folder: string;
  readonly truths: readonly DayTruth[];
}

/** Generates days of a spec into a folder. */
export async function landDays(
  folder: string,
  spec: GeneratorSpec,
  days: readonly Day[],
): Promise<LandedRange> {
  const sink = new FolderSink(folder);
  const simulation = new Simulation(spec);
  await landGeneratedProfiles(sink, simulation);
  const identity = { spec: '', preset: '', scenario: spec.scenario, seed: spec.seed, players: 0 };
  const truths: DayTruth[] = [];
  for (const day of days) truths.push(await landGeneratedDay(sink, simulation, identity, day));
  return { folder, truths };
}

/** Reads one landed day with the pipeline's own reader. */
export async function readDay(folder: string, { day, arrival }: DayTruth): Promise<ReadArrival> {
  const raw = arrival.objects.map(({ key }) => ({
    key,
    open: async () => createReadStream(join(folder, key)),
  }));
  const rules = {
    day,
    lateWindowDays: 7,
    futureWindowDays: 1,
    naiveTimestamps: 'reject' as const,
    maxLineBytes: 1_048_576,
    baseCurrency: 'USD',
    outlierAmount: 1000,
  };
  return readArrival(raw, rules, await mkdtemp(join(folder, `read-${day}-`)), duckDb);
}
