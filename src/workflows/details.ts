import { describeSeconds } from '../domain/duration.ts';
import type { Pace } from '../domain/pace.ts';
import type { DayOutcome, Progress, RestatedCount } from '../domain/pipeline.ts';

const number = (n: number | undefined) =>
  n === undefined ? '' : String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** A run's progress as the markdown that Web UI shows: a line about the whole, and a table of days. */
export function describeProgress({ stage, days, eventDays, pace, secondsLeft, restated }: Progress): string {
  const states = new Map<string, number>();
  for (const { state } of days) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, n]) => `${n} ${state}`).join(', ');
  const built =
    eventDays.planned === 0 ? '' : ` · event days built: ${eventDays.built} of ${eventDays.planned}`;
  const left = secondsLeft === null ? '' : ` · about ${describeSeconds(secondsLeft)} left`;
  const rows = days.filter(({ state }) => state !== 'waiting').map(describeDay);
  return [
    `**${stage}** · ${counts}${built}${left}`,
    ...(restated === null ? [] : ['', describeRestated(restated)]),
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

/** What a commit restated, and how to see it. */
function describeRestated({ values, days }: RestatedCount): string {
  const of = (n: number, what: string) => `${number(n)} ${what}${n === 1 ? '' : 's'}`;
  return `restated: ${of(values, 'value')} of ${of(days, 'day')}: \`npx questline status --restatements\``;
}

function describeDay({ day, state, lines, accepted, rejected, seconds, failure }: DayOutcome): string {
  const said = (failure ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 300);
  const taken = seconds === undefined ? '' : seconds.toFixed(1);
  return `| ${day} | ${state} | ${number(lines)} | ${number(accepted)} | ${number(rejected)} | ${taken} | ${said} |`;
}
