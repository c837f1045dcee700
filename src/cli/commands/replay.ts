import type { Day } from '../../domain/day.ts';
import { describePlace } from '../../domain/kept-line.ts';
import {
  listOutcomes,
  prepareReplay,
  type ReadyReplay,
  summarizeReplay,
} from '../../operations/replay-lines.ts';
import { readEditedFile } from '../../query/read-edited-file.ts';
import { landReplay } from '../../storage/land-replay.ts';
import { countOf, formatCount, printJson, printTable, say, showText } from '../output.ts';
import { openCache, withSession } from '../session.ts';
import { runAndReport } from './run.ts';

interface ReplayOptions {
  readonly edited: string;
  readonly dryRun?: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

const REJECTIONS_SHOWN = 10;
const TEXT_WIDTH = 100;

/** `questline quarantine replay DAY --edited FILE`. */
export async function replayLines(day: Day, options: ReplayOptions): Promise<void> {
  const entries = await readEditedFile(options.edited);
  await withSession(async (session) => {
    const { config } = session;
    const store = await session.store();
    const deps = { config, store, cache: openCache(config, store) };
    const ready = await prepareReplay(deps, day, options.edited, entries);
    if (options.dryRun === true) return printOutcomes(ready, options);
    tell(ready, options.edited);
    const { packed, wasLanded } = ready;
    const state = await landReplay(store, packed);
    say(
      wasLanded
        ? `These very lines were landed before, as ${packed.object}: nothing is landed again.`
        : `Landed ${packed.object}.`,
    );
    const before = { replay: { ...summarizeReplay(ready), state } };
    await runAndReport(session, { day, trigger: 'manual' }, { ...options, before });
  });
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
  const { unchanged, wasLanded, packed } = ready;
  const outcomes = listOutcomes(ready);
  const state = wasLanded ? 'there already' : 'dry run';
  if (json) return printJson({ replay: { ...summarizeReplay(ready), state }, outcomes });
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
