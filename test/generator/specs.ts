import { createHash } from 'node:crypto';
import { type Day, parseDay } from '../../src/domain/day.ts';
import { type DaySummary, generateDay } from '../../src/generator/generate-day.ts';
import { generateProfiles } from '../../src/generator/generate-profiles.ts';
import type { DefectRates, GeneratorSpec } from '../../src/generator/spec.ts';
import { parseObject } from './read-line.ts';

/** No defect at all. */
export const clean: DefectRates = {
  malformed: 0,
  missingField: 0,
  wrongType: 0,
  exactDuplicate: 0,
  conflictingDuplicate: 0,
  late: 0,
};

/** The generator's spec as the default configuration has it. */
export const defaultSpec: GeneratorSpec = {
  seed: 1,
  players: 5000,
  launchDay: parseDay('2026-01-01'),
  calendarDays: 30,
  defects: {
    malformed: 0.0002,
    missingField: 0.0001,
    wrongType: 0.0001,
    exactDuplicate: 0.004,
    conflictingDuplicate: 0.0002,
    late: 0.0008,
  },
};

/** A few players, launched on a Thursday, ten days of acquisition, many defects. */
export const smallSpec: GeneratorSpec = {
  seed: 7,
  players: 60,
  launchDay: parseDay('2026-01-01'),
  calendarDays: 10,
  defects: {
    malformed: 0.02,
    missingField: 0.02,
    wrongType: 0.02,
    exactDuplicate: 0.02,
    conflictingDuplicate: 0.02,
    late: 0.02,
  },
};

/** One made day: its chunks, its text and its summary. */
export interface MadeDay {
  readonly chunks: readonly Buffer[];
  readonly text: string;
  readonly summary: DaySummary;
}

/** Drains `generateDay`. */
export function makeDay(spec: GeneratorSpec, day: Day): MadeDay {
  const chunks: Buffer[] = [];
  const made = generateDay(spec, day);
  for (let step = made.next(); ; step = made.next()) {
    if (step.done === true)
      return { chunks, text: Buffer.concat(chunks).toString('utf8'), summary: step.value };
    chunks.push(step.value);
  }
}

/** The lines of a text of which each ends with a line end. */
export function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

/** The profiles of a spec. */
export function makeProfiles(spec: GeneratorSpec): Readonly<Record<string, unknown>>[] {
  const text = Buffer.concat([...generateProfiles(spec)]).toString('utf8');
  return linesOf(text).map((line) => parseObject(line) ?? {});
}

/** SHA-256 in hex. */
export function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
