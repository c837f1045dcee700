import { addDays } from '../domain/day.ts';
import { type DefectKind, defectKinds } from '../domain/game-model.ts';
import { canHave } from '../generator/fate.ts';
import type { Simulation } from '../generator/simulation.ts';
import type { RangeTruth } from '../generator/truth.ts';
import { eventTypeNames } from '../schema/contract.ts';
import { formatCount } from './output.ts';

/** One figure of what was made, beside what the preset is meant to make; texts to show. */
export interface IntentRow {
  readonly figure: string;
  readonly made: string;
  readonly meant: string;
  readonly difference: string;
}

/**
 * What was made against the preset's intent: segments and defects for any range, events and payers for one that is the
 * preset's whole calendar.
 */
export function compareWithIntent(simulation: Simulation, truth: RangeTruth): IntentRow[] {
  const { spec, game } = simulation;
  const { launchDay, players, intent, acquisition } = spec.model;
  const isWhole = truth.from === launchDay && truth.to === addDays(launchDay, acquisition.calendarDays - 1);
  const { events, payers } = truth.simulated;
  const rows: IntentRow[] = [];
  if (isWhole) {
    rows.push(count('events', events, intent.eventsAPlayer * players));
    rows.push(share('players who ever paid', payers / players, intent.everPaid));
  }
  const bySegment = countSegments(simulation);
  for (const { item: segment } of game.segments) {
    rows.push(share(`players: ${segment.name}`, (bySegment.get(segment.name) ?? 0) / players, segment.share));
  }
  const rates = { ...spec.model.defects, ...simulation.scenario?.defects };
  for (const kind of defectKinds.filter((one) => rates[one] > 0)) {
    const able = countAble(truth, kind);
    const figure = kind === 'late' ? 'defect: late, landed in the range' : `defect: ${kind}`;
    if (able > 0) rows.push(share(figure, (truth.defects[kind] ?? 0) / able, rates[kind], 4));
  }
  return rows;
}

/** About how many of the events that landed could come with a defect. */
function countAble({ lines, defects, simulated }: RangeTruth, kind: DefectKind): number {
  const { exactDuplicate = 0, conflictingDuplicate = 0 } = defects;
  const able = eventTypeNames
    .filter((type) => canHave(type, kind))
    .reduce((sum, type) => sum + (simulated.events_by_type[type] ?? 0), 0);
  return ((lines - exactDuplicate - conflictingDuplicate) * able) / Math.max(1, simulated.events);
}

function countSegments(simulation: Simulation): Map<string, number> {
  const counts = new Map<string, number>();
  for (let index = 0; index < simulation.spec.model.players; index += 1) {
    const { name } = simulation.playerOf(index).segment;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function count(figure: string, made: number, meant: number): IntentRow {
  const difference = showPercent(meant === 0 ? 0 : (made - meant) / meant, 2);
  return { figure, made: formatCount(made), meant: formatCount(Math.round(meant)), difference };
}

function share(figure: string, made: number, meant: number, places = 2): IntentRow {
  const difference = `${showPercent(made - meant, places)}-points`;
  return {
    figure,
    made: `${(made * 100).toFixed(places)} %`,
    meant: `${(meant * 100).toFixed(places)} %`,
    difference,
  };
}

function showPercent(value: number, places: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(places)} %`;
}
