import type { Answer } from '../../api/routes.ts';
import type { PlotPoint } from '../charts/plot-types.ts';
import { noteAge } from '../charts/retention-points.ts';

type Age = Answer<'revenue'>['ltv'][number];

/** Ages of cohorts as points of a curve, with some of what is known at them. */
export function pointsOfLtv(
  ltv: readonly Age[],
  shown: readonly ('ltv' | 'ltv_iap' | 'paid_share')[],
): PlotPoint[] {
  return ltv.map((age) => ({
    key: `D${age.day_n}`,
    tick: `D${age.day_n}`,
    label: `D${age.day_n}`,
    note: noteAge(age),
    values: Object.fromEntries(shown.map((name) => [name, age[name]])),
  }));
}
