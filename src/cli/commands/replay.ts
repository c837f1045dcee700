import { rulesOfReading } from '../../activities/read-inputs.ts';
import type { Day } from '../../domain/day.ts';
import { describePlace } from '../../domain/kept-line.ts';
import type { MendedEntry } from '../../ingest/mended-entry.ts';
import { planReplay, type ReplayPlan, refuseProblems } from '../../query/plan-replay.ts';
import { readEditedFile } from '../../query/read-edited-file.ts';
import { createHeaderReader } from '../../query/read-headers.ts';
import { type Rejection, tryLines } from '../../query/try-lines.ts';
import { isLanded, landReplay, type PackedReplay, packReplay } from '../../storage/land-replay.ts';
import { findMendableDay } from '../find-quarantine.ts';
import { countOf, formatCount, printJson, printTable, say, showText } from '../output.ts';
import { openCache, type Session, withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';
import { runAndReport } from './run.ts';

interface ReplayOptions {
  readonly edited: string;
  readonly dryRun?: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

/** A replay that is ready to be landed. */
interface ReadyReplay extends ReplayPlan {
  readonly packed: PackedReplay;
  readonly wasLanded: boolean;
  /** By the line of `packed`, 1-based. */
  readonly rejections: ReadonlyMap<number, Rejection>;
}

const REJECTIONS_SHOWN = 10;
const TEXT_WIDTH = 100;

/** `questline quarantine replay DAY --edited FILE`. */
export async function replayLines(day: Day, options: ReplayOptions): Promise<void> {
  const entries = await readEditedFile(options.edited);
  await withSession(async (session) => {
    const ready = await prepare(session, day, options.edited, entries);
    if (options.dryRun === true) return printOutcomes(ready, options);
    tell(ready, options.edited);
    const { packed, wasLanded } = ready;
    const state = await landReplay(await session.store(), packed);
    say(
      wasLanded
        ? `These very lines were landed before, as ${packed.object}: nothing is landed again.`
        : `Landed ${packed.object}.`,
    );
    const before = { replay: { ...summarize(ready), state } };
    await runAndReport(session, { day, trigger: 'manual' }, { ...options, before });
  });
}

async function prepare(
  { config, store }: Session,
  day: Day,
  file: string,
  entries: readonly MendedEntry[],
): Promise<ReadyReplay> {
  const bucket = await store();
  const places = new Set(entries.map(({ from }) => describePlace(from)));
  const isTaken = (object: string, line: number) => places.has(describePlace({ object, line }));
  const { reading, awaited } = await findMendableDay(bucket, config, day, isTaken);
  const plan = await planReplay(
    openCache(config, bucket),
    reading,
    createHeaderReader(bucket, reading),
    file,
    entries,
  );
  if (plan.mended.length === 0) {
    throw new CommandFailed(
      `Nothing is mended in ${file} (${countOf(plan.unchanged, 'line')}, all as they were taken out), so there is nothing to land.`,
    );
  }
  const packed = packReplay(day, plan.mended);
  const wasLanded = await isLanded(bucket, packed);
  if (awaited !== null && awaited.object !== packed.object) {
    throw new CommandFailed(
      `${day} has not been run since ${awaited.object} was landed with other versions of these lines. Run it: npx questline run ${day}`,
    );
  }
  if (!wasLanded) {
    refuseProblems(
      file,
      plan.superseded.map(
        ({ at, detail, ...place }) =>
          `line ${at}: ${describePlace(place)} was mended before (${detail}). If the mended line was rejected, take that one out`,
      ),
    );
  }
  const rejections = await tryLines(packed.body, rulesOfReading(config, day));
  return { ...plan, packed, wasLanded, rejections };
}

function summarize({ packed, mended, unchanged, rejections }: ReadyReplay) {
  return { object: packed.object, mended: mended.length, unchanged, rejectedAgain: rejections.size };
}

function tell({ mended, unchanged, rejections }: ReadyReplay, file: string): void {
  const left = unchanged === 0 ? '' : `; ${formatCount(unchanged)} unchanged, left as they are`;
  say(`${file}: ${countOf(mended.length, 'line')} mended${left}.`);
  if (rejections.size === 0) return;
  say(`${formatCount(rejections.size)} of them will be rejected again:`);
  for (const [number, { reason, detail }] of [...rejections].slice(0, REJECTIONS_SHOWN)) {
    say(`  line ${mended[number - 1]?.at}: ${reason}, ${showText(detail, TEXT_WIDTH)}`);
  }
  if (rejections.size > REJECTIONS_SHOWN)
    say(`  and ${rejections.size - REJECTIONS_SHOWN} more; --dry-run lists all.`);
}

function printOutcomes(ready: ReadyReplay, { edited, json = false }: ReplayOptions): void {
  const { mended, unchanged, rejections, wasLanded, packed } = ready;
  const outcomes = mended.map(({ at, object, line }, n) => {
    const { reason = null, detail = null } = rejections.get(n + 1) ?? {};
    return { at, object, line, outcome: reason === null ? 'accepted' : 'rejected', reason, detail };
  });
  const state = wasLanded ? 'there already' : 'dry run';
  if (json) return printJson({ replay: { ...summarize(ready), state }, outcomes });
  printTable(
    [
      { head: `line`, align: 'right', value: ({ at }) => String(at) },
      { head: 'in the place of', value: (one) => showText(describePlace(one), 200) },
      {
        head: 'becomes',
        value: ({ outcome, reason }) => (reason === null ? outcome : `${outcome}: ${reason}`),
      },
      { head: 'detail', value: ({ detail }) => showText(detail ?? '', TEXT_WIDTH) },
    ],
    outcomes,
  );
  const left =
    unchanged === 0 ? '' : ` Unchanged in ${edited}, left as they are: ${countOf(unchanged, 'line')}.`;
  say(
    wasLanded
      ? `These very lines were landed before, as ${packed.object}.${left}`
      : `Nothing was landed: this was a dry run.${left}`,
  );
}
