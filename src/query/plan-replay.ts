import type { ArrivalReading } from '../domain/arrival.ts';
import { TerminalError } from '../domain/failure.ts';
import { comparePlaces, describePlace, type KeptLine, type RawPlace } from '../domain/kept-line.ts';
import { mendLine } from '../ingest/mend-line.ts';
import { MendError, type MendedEntry } from '../ingest/mended-entry.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { HeaderReader } from './read-headers.ts';
import { readQuarantine } from './read-quarantine.ts';

/** A line that takes the place of a rejected one. */
export interface MendedLine extends RawPlace {
  /** 1-based line of the edited file. */
  readonly at: number;
  /** Without a line end. */
  readonly bytes: Buffer;
}

/** What an edited file comes to for a day. */
export interface ReplayPlan {
  /** In the order of their places. */
  readonly mended: readonly MendedLine[];
  /** Entries that say what the original says. */
  readonly unchanged: number;
  /** Places of the file, mended or not, whose lines are superseded already, each with what says by what. */
  readonly superseded: readonly (RawPlace & { readonly at: number; readonly detail: string })[];
}

const PROBLEMS_SHOWN = 10;

/**
 * Matches an edited file with the quarantine of its day. Everything in it that can't be replayed is told in one `InvalidRequest`; a
 * line that was superseded is no error here, since the same file may have been landed before.
 */
export async function planReplay(
  cache: ObjectCache,
  reading: ArrivalReading,
  headers: HeaderReader,
  file: string,
  entries: readonly MendedEntry[],
): Promise<ReplayPlan> {
  const waiting = new Map(entries.map((entry) => [describePlace(entry.from), entry]));
  const mended: MendedLine[] = [];
  const superseded: ReplayPlan['superseded'][number][] = [];
  const problems: string[] = [];
  let unchanged = 0;
  const take = async (line: KeptLine): Promise<void> => {
    const entry = waiting.get(describePlace(line));
    if (entry === undefined) return;
    waiting.delete(describePlace(line));
    const { object, line: number, offset, reason, detail } = line;
    const { at } = entry;
    try {
      checkOffset(entry, offset);
      const bytes = mendLine(entry, line, await headers(object));
      if (bytes === null) unchanged += 1;
      else mended.push({ at, object, line: number, bytes });
      if (reason === 'superseded') superseded.push({ at, object, line: number, detail });
    } catch (error) {
      if (!(error instanceof MendError)) throw error;
      problems.push(`line ${at}: ${error.message}`);
    }
  };
  const places = entries.map(({ from }) => from);
  await readQuarantine(cache, reading, { places }, null, take);
  const strangers = [...waiting.values()];
  if (strangers.length === entries.length) checkAnyIsRejected(reading, file, strangers);
  refuseProblems(file, [...problems, ...strangers.map((entry) => explainStranger(reading, entry))]);
  return { mended: mended.sort(comparePlaces), unchanged, superseded };
}

/** Tells everything that is wrong with an edited file, if anything is. */
export function refuseProblems(file: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const order = (problem: string) => Number(/^line (\d+)/.exec(problem)?.[1] ?? 0);
  const sorted = [...problems].sort((a, b) => order(a) - order(b));
  const more = sorted.length - PROBLEMS_SHOWN;
  const shown = sorted.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${problem}`);
  const rest = more > 0 ? [`  and ${more} more`] : [];
  const message = [`${file} can't be replayed, so nothing was landed:`, ...shown, ...rest].join('\n');
  throw new TerminalError('InvalidRequest', message, { problems: sorted.slice(0, 100) });
}

function checkOffset({ from }: MendedEntry, offset: number): void {
  if (from.offset === null || from.offset === offset) return;
  throw new MendError(
    `${describePlace(from)} begins at byte ${offset}, not ${from.offset}: the object was replaced after the lines were taken out. Take them out again`,
  );
}

/** When no place is rejected any more, though all are of the day's objects, the rules have been widened and there is nothing to mend. */
function checkAnyIsRejected(
  { day, inputs }: ArrivalReading,
  file: string,
  entries: readonly MendedEntry[],
): void {
  const present = new Set(inputs.map(({ key }) => key));
  if (!entries.every(({ from }) => present.has(from.object))) return;
  throw new TerminalError(
    'InvalidRequest',
    `No line that ${file} names is rejected on ${day} any more: what the day is read by was widened since they were taken out. ` +
      `Nothing has to be landed; to publish them, run the day: npx questline run ${day}`,
  );
}

function explainStranger({ day, inputs }: ArrivalReading, { at, from }: MendedEntry): string {
  const place = `line ${at}: ${describePlace(from)}`;
  if (inputs.some(({ key }) => key === from.object))
    return `${place} is not in the quarantine of ${day}: the line is accepted, or there is none. Take the entry out of the file`;
  const [, other = day] = /^raw\/dt=([^/]+)\//.exec(from.object) ?? [];
  if (other !== day) return `${place} belongs to ${other}, not to ${day}`;
  return `${place} is not of an object of ${day}: there is none of that name under ${keys.rawDay(day)}`;
}
