import type { DayOutcome, Progress } from '../domain/pipeline.ts';

const number = (n: number | undefined) =>
  n === undefined ? '' : String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** A run's progress as the markdown that Web UI shows: a line about the whole, and a table of days. */
export function describeProgress({ stage, days, eventDays }: Progress): string {
  const states = new Map<string, number>();
  for (const { state } of days) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, n]) => `${n} ${state}`).join(', ');
  const built =
    eventDays.planned === 0 ? '' : ` · event days built: ${eventDays.built} of ${eventDays.planned}`;
  const rows = days.filter(({ state }) => state !== 'waiting').map(describeDay);
  return [
    `**${stage}** · ${counts}${built}`,
    '',
    '| day | state | lines | accepted | rejected | seconds | |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- |',
    ...rows.slice(-62),
  ].join('\n');
}

function describeDay({ day, state, lines, accepted, rejected, seconds, failure }: DayOutcome): string {
  const said = (failure ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 300);
  const taken = seconds === undefined ? '' : seconds.toFixed(1);
  return `| ${day} | ${state} | ${number(lines)} | ${number(accepted)} | ${number(rejected)} | ${taken} | ${said} |`;
}
