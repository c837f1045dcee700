import type { Day } from '../domain/day.ts';
import { describeSeconds } from '../domain/duration.ts';
import type { Pace } from '../domain/pace.ts';
import {
  type DayOutcome,
  dayWorkflowId,
  type Progress,
  type PublishedResult,
  type RestatedCount,
} from '../domain/pipeline.ts';

const number = (n: number | undefined) =>
  n === undefined ? '' : String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/**
 * A run's progress as the markdown that Web UI shows: a line about the whole, what was published, and a table of days, which in a
 * namespace's Web UI lead to their runs when there are several.
 */
export function describeProgress(progress: Progress, namespace?: string): string {
  const { stage, days, eventDays, pace, secondsLeft, published } = progress;
  const states = new Map<string, number>();
  for (const { state } of days) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, n]) => `${n} ${state}`).join(', ');
  const built =
    eventDays.planned === 0 ? '' : ` · event days built: ${eventDays.built} of ${eventDays.planned}`;
  const left = secondsLeft === null ? '' : ` · about ${describeSeconds(secondsLeft)} left`;
  const isLinked = days.length > 1 && namespace !== undefined;
  const nameOf = (day: Day) =>
    isLinked ? `[${day}](/namespaces/${namespace}/workflows/${dayWorkflowId(day)})` : day;
  const begun = days.filter(({ state }) => state !== 'waiting');
  const rows = begun.map((outcome) => describeDay(outcome, nameOf(outcome.day)));
  return [
    `**${stage}** · ${counts}${built}${left}`,
    ...(published === null ? [] : ['', ...describePublished(published)]),
    '',
    ...describePace(pace),
    '| day | state | lines | accepted | rejected | seconds | |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- |',
    ...rows.slice(-62),
  ].join('\n');
}

function describePace(pace: Pace | null): string[] {
  if (pace === null) return [];
  const { concurrency, paused } = pace;
  const held = paused === null ? '' : ` · **paused** by ${paused.by} at ${paused.at}: ${paused.why}`;
  return [`${concurrency} days at once${held}`, ''];
}

/** What a publish left, and how to look at it. */
function describePublished({
  outcome,
  snapshot,
  eventDays,
  tablesWritten,
  restated,
}: PublishedResult): string[] {
  if (outcome === 'unchanged') return [`published: nothing differs from snapshot \`${snapshot}\``];
  const tables = tablesWritten.length === 0 ? '' : `; over all days: ${tablesWritten.join(', ')}`;
  const lines = [
    `published: snapshot \`${snapshot}\`, event days written: ${eventDays.length}${tables}`,
    `look: \`npx questline query "from daily_metrics order by date desc limit 7"\``,
  ];
  if (restated) lines.push(describeRestated(restated));
  return lines.flatMap((line) => [line, '']).slice(0, -1);
}

/** What a commit restated, and how to see it. */
function describeRestated({ values, days }: RestatedCount): string {
  const of = (n: number, what: string) => `${number(n)} ${what}${n === 1 ? '' : 's'}`;
  return `restated: ${of(values, 'value')} of ${of(days, 'day')}: \`npx questline status --restatements\``;
}

function describeDay(outcome: DayOutcome, name: string): string {
  const { state, lines, accepted, rejected, seconds, failure } = outcome;
  const said = (failure ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 300);
  const taken = seconds === undefined ? '' : seconds.toFixed(1);
  return `| ${name} | ${state} | ${number(lines)} | ${number(accepted)} | ${number(rejected)} | ${taken} | ${said} |`;
}
