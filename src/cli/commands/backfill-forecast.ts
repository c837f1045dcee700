import {
  type BackfillForecast,
  type ForecastRequest,
  forecastBackfill,
} from '../../activities/forecast-backfill.ts';
import type { Day } from '../../domain/day.ts';
import { describeSeconds } from '../../domain/duration.ts';
import { dayTables, wholeTables } from '../../domain/tables.ts';
import { formatCount, printJson, printTable, say } from '../output.ts';
import type { Session } from '../session.ts';

const intentions = {
  generate: 'make events, read them',
  read: 'read its lines',
  found: 'nothing to read: it was read before',
  fail: 'fail with NoRawData: nothing has landed',
} as const;

/** `questline backfill --dry-run`: what it would do, without doing any of it. */
export async function forecast(session: Session, request: ForecastRequest, json: boolean): Promise<void> {
  const deps = { config: session.config, store: await session.store(), client: await session.temporal() };
  const found = await forecastBackfill(deps, request);
  if (json) return printJson(found);
  report(found, request);
}

function report(found: BackfillForecast, { from, to, only }: ForecastRequest): void {
  const { days, builds, sessions, removed, isLeast, seconds } = found;
  if (days.length === 0) return say(`Nothing to do: no day from ${from} to ${to} is ${only}.`);
  printTable(
    [
      { head: 'day', value: ({ day }) => day },
      { head: 'state', value: ({ standing }) => standing },
      { head: 'objects', align: 'right', value: ({ objects }) => formatCount(objects) },
      { head: 'bytes', align: 'right', value: ({ bytes }) => formatCount(bytes) },
      { head: 'would', value: ({ will }) => intentions[will] },
    ],
    days,
  );
  const least = isLeast ? ' at least: what late lines they bring is known when they are read' : '';
  say(`event days to build: ${listShort(builds)}${least}`);
  if (sessions.length > 0) say(`sessions made again beside them: ${listShort(sessions)}`);
  if (removed.length > 0)
    say(`event days that would go, since nothing is left of them: ${listShort(removed)}`);
  const written = builds.length * dayTables.length + sessions.length;
  say(
    `tables by day: ${formatCount(written)} files; over all days: those of ${wholeTables.length} that change`,
  );
  const reading =
    seconds === null ? 'unknown, for lack of earlier runs' : `about ${describeSeconds(seconds)}`;
  say(`time to read: ${reading}; building and publishing come on top`);
}

function listShort(days: readonly Day[]): string {
  const shown = days.slice(0, 10).join(' ');
  if (days.length === 0) return 'none';
  return days.length > 10 ? `${days.length}: ${shown} …` : `${days.length}: ${shown}`;
}
