import { once } from 'node:events';
import type { ArrivalReading } from '../../domain/arrival.ts';
import { type Day, type DayRange, listDays } from '../../domain/day.ts';
import type { AsideReason, KeptLine } from '../../domain/kept-line.ts';
import { countRejected } from '../../domain/ledger.ts';
import { describeLedger } from '../../domain/quality-report.ts';
import { isIncomplete } from '../../ingest/event-text.ts';
import { offerLine, shownText } from '../../ingest/offer-line.ts';
import { type DayQuarantine, findQuarantine, findReadDay } from '../../operations/find-quarantine.ts';
import { createHeaderReader } from '../../query/read-headers.ts';
import {
  countQuarantine,
  type QuarantineFilter,
  type QuarantineGroup,
  readQuarantine,
} from '../../query/read-quarantine.ts';
import { keys } from '../../storage/keys.ts';
import type { ObjectCache } from '../../storage/object-cache.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { rangeOf } from '../options.ts';
import {
  type Column,
  countOf,
  formatCount,
  printJson,
  printLine,
  printTable,
  say,
  showText,
} from '../output.ts';
import { openCache, type Session, withSession } from '../session.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

interface ListOptions {
  readonly reason?: AsideReason;
  readonly from?: Day;
  readonly to?: Day;
  readonly json?: boolean;
}

interface ShowOptions {
  readonly reason?: AsideReason;
  readonly object?: string;
  readonly limit?: number;
  readonly format: 'table' | 'ndjson' | 'json';
  readonly json?: boolean;
}

const MOST_GROUPS = 40;
const SHOWN_LINES = 20;
const SAMPLE_WIDTH = 60;
const RAW_WIDTH = 100;
const DETAIL_WIDTH = 60;

/** `questline quarantine list DAY`, or `list --from --to`. */
export async function listQuarantine(day: Day | undefined, options: ListOptions): Promise<void> {
  const { from, to, json = false } = options;
  await withSession(async (session) => {
    if (day !== undefined && from === undefined && to === undefined) await listDay(session, day, options);
    else if (day === undefined && from !== undefined && to !== undefined)
      await listRange(session, rangeOf(from, to), json);
    else throw new UsageError('Give a day, or both --from and --to.');
  });
}

/** `questline quarantine show DAY`. */
export async function showQuarantine(day: Day, options: ShowOptions): Promise<void> {
  const format = options.json === true ? 'json' : options.format;
  if (format === 'ndjson' && options.reason === 'superseded') {
    throw new UsageError(
      'Superseded lines have been mended already. If a mended line was rejected again, it has a reason of its own.',
    );
  }
  await withSession(async ({ config, store }) => {
    const bucket = await store();
    const reading = await findReadDay(bucket, config, day);
    const filter = filterFor(reading, options);
    const cache = openCache(config, bucket);
    if (format === 'ndjson') return takeOut(bucket, cache, reading, filter, options.limit ?? null);
    const limit = options.limit ?? SHOWN_LINES;
    const lines: KeptLine[] = [];
    await readQuarantine(cache, reading, filter, limit + 1, (line) => {
      lines.push(line);
    });
    if (lines.length === 0) throw nothingFound(day, options);
    const shown = lines.slice(0, limit);
    if (format === 'json') printJson(shown);
    else printLines(day, shown);
    if (lines.length > limit) say(`There are more; --limit ${10 * limit} shows more of them.`);
  });
}

async function listDay(
  { config, store }: Session,
  day: Day,
  { reason, json = false }: ListOptions,
): Promise<void> {
  const bucket = await store();
  const reading = await findReadDay(bucket, config, day);
  const all = await countQuarantine(openCache(config, bucket), reading);
  const groups = all.filter((group) => reason === undefined || group.reason === reason);
  const { ledger, replays, quarantine } = reading;
  if (json) return printJson({ day, ledger, quarantine: quarantine.key, replays, groups });
  printLine(`${day}: ${describeLedger(reading)}`);
  if (groups.length === 0) return say(`Nothing ${reason === undefined ? 'was rejected' : `is ${reason}`}.`);
  printLine('');
  printGroups(day, groups);
  const toMend = groups.find((group) => group.reason !== 'superseded');
  if (replays.length > 0) {
    const by = `by ${countOf(replays.length, 'replay')}`;
    say(
      `\nSuperseded, since a mended line was landed in its place ${by}: ${countOf(ledger.superseded, 'line')}.`,
    );
  }
  if (toMend === undefined) return;
  say(
    [
      '',
      `look at them:  npx questline quarantine show ${day} --reason ${toMend.reason}`,
      `take them out: npx questline quarantine show ${day} --format ndjson > mend.ndjson`,
      `land them:     npx questline quarantine replay ${day} --edited mend.ndjson`,
    ].join('\n'),
  );
}

function printGroups(day: Day, groups: readonly QuarantineGroup[]): void {
  const shown = groups.slice(0, MOST_GROUPS);
  printTable<QuarantineGroup>(
    [
      { head: 'reason', value: (group) => group.reason },
      { head: 'lines', align: 'right', value: ({ lines }) => formatCount(lines) },
      objectColumn(day),
      { head: 'line', align: 'right', value: ({ sample }) => String(sample.line) },
      { head: 'for example', value: ({ sample }) => showText(sample.detail, DETAIL_WIDTH) },
      { head: '', value: ({ sample }) => showText(shownText(sample), SAMPLE_WIDTH) },
    ],
    shown,
  );
  if (groups.length > shown.length) say(`${groups.length - shown.length} more; --json prints all.`);
}

async function listRange({ config, store }: Session, range: DayRange, json: boolean): Promise<void> {
  const bucket = await store();
  const found: (DayQuarantine & { readonly day: Day })[] = [];
  for (const day of listDays(range)) {
    const quarantine = await findQuarantine(bucket, config, day);
    if (quarantine.inputs.objects.length > 0) found.push({ day, ...quarantine });
  }
  if (json) return printJson(found.map(({ day, reading }) => ({ day, ledger: reading?.ledger ?? null })));
  if (found.length === 0) throw new CommandFailed(`Nothing landed from ${range.from} to ${range.to}.`);
  const count = (n: number | undefined) => (n === undefined ? '' : formatCount(n));
  printTable(
    [
      { head: 'day', value: ({ day }) => day },
      { head: 'lines', align: 'right', value: ({ reading }) => count(reading?.ledger.lines) },
      {
        head: 'rejected',
        align: 'right',
        value: ({ reading }) => (reading === null ? '' : count(countRejected(reading.ledger))),
      },
      { head: 'superseded', align: 'right', value: ({ reading }) => count(reading?.ledger.superseded) },
      { head: 'reasons', value: ({ day, reading }) => describeReasons(day, reading) },
    ],
    found,
  );
}

function describeReasons(day: Day, reading: ArrivalReading | null): string {
  if (reading === null) return `not read since it changed: npx questline run ${day}`;
  const reasons = Object.entries(reading.ledger.rejected).sort(([, a], [, b]) => b - a);
  return reasons.map(([reason, lines]) => `${reason} ${formatCount(lines)}`).join(', ');
}

function filterFor({ day, inputs }: ArrivalReading, { reason, object }: ShowOptions): QuarantineFilter {
  const byReason = reason === undefined ? {} : { reason };
  if (object === undefined) return byReason;
  const key = [object, keys.rawObject(day, object)].find((name) =>
    inputs.some((input) => input.key === name),
  );
  if (key !== undefined) return { ...byReason, object: key };
  const known = inputs.slice(0, 10).map((input) => input.key);
  throw new UsageError(
    `--object ${object} is none of ${day}; expected one of ${known.join(', ')}${inputs.length > 10 ? ', …' : ''}.`,
  );
}

/** Writes lines to standard output in the form in which replay takes them back. */
async function takeOut(
  store: ObjectStore,
  cache: ObjectCache,
  reading: ArrivalReading,
  filter: QuarantineFilter,
  limit: number | null,
): Promise<void> {
  const { day } = reading;
  const headers = createHeaderReader(store, reading);
  const count = await readQuarantine(cache, reading, { ...filter, isRejected: true }, limit, async (line) => {
    const text = offerLine(line, await headers(line.object));
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
  });
  if (count === 0) throw nothingFound(day, filter);
  say(
    `${countOf(count, 'line')}. Edit "event" (or "raw", or write an "event" instead of it), leave out what stays as it is, and land the file:\n  npx questline quarantine replay ${day} --edited FILE`,
  );
}

function nothingFound(day: Day, { reason, object }: QuarantineFilter): CommandFailed {
  const of = object === undefined ? '' : ` of ${object}`;
  const what = reason === undefined ? `No line${of} is rejected` : `No line${of} is ${reason}`;
  return new CommandFailed(`${what} on ${day}.`);
}

function printLines(day: Day, lines: readonly KeptLine[]): void {
  printTable<KeptLine>(
    [
      objectColumn(day),
      { head: 'line', align: 'right', value: ({ line }) => String(line) },
      { head: 'byte', align: 'right', value: ({ offset }) => String(offset) },
      { head: 'reason', value: ({ reason }) => reason },
      { head: 'detail', value: ({ detail }) => showText(detail, DETAIL_WIDTH) },
      { head: 'text', value: showRaw },
    ],
    lines,
  );
}

/** Objects by their name within the day, which --object takes too. */
function objectColumn(day: Day): Column<{ readonly object: string }> {
  const prefix = keys.rawDay(day);
  return { head: `object in ${prefix}`, value: ({ object }) => showText(object.slice(prefix.length), 200) };
}

function showRaw(line: KeptLine): string {
  const cut = isIncomplete(line) ? ` (${formatCount(line.rawBytes)} bytes; the beginning is kept)` : '';
  return `${showText(shownText(line), RAW_WIDTH)}${cut}`;
}
