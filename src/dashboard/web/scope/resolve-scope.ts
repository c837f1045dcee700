import { addDays, type Day } from '../../../domain/day.ts';
import type { Answer, Query } from '../../api/routes.ts';
import { type Preset, presets, problemOf, type Search } from './search.ts';

/** Days and players of a page: what the server is asked. */
export type AskedScope = Query<'overview'> & { readonly from: string; readonly to: string };

/** What a URL asks for: the scope, or why there is none. */
export type ResolvedScope =
  | { readonly scope: AskedScope; readonly problem: null }
  | { readonly scope: null; readonly problem: string };

/** Whether the URL asks for a comparison, which is the default. */
export const compares = (search: Search) => search.compare !== 'none';

/** The days that a URL asks for: its own, or those of a preset, which ends on the last complete day. */
export function resolveScope(
  search: Search,
  { dataThrough, firstDay, lastDay }: Answer<'status'>,
): ResolvedScope {
  const problem = problemOf(search);
  if (problem !== null) return { scope: null, problem };
  const players = {
    platform: search.platform,
    country: search.country,
    segment: search.segment,
    source: search.source,
    acquiredFrom: search.acquiredFrom,
    acquiredTo: search.acquiredTo,
    compare: compares(search) ? ('previous' as const) : ('none' as const),
  };
  if (search.from !== undefined || search.to !== undefined) {
    const [from, to] = [search.from ?? search.to ?? '', search.to ?? search.from ?? ''];
    return { scope: { from, to, ...players }, problem: null };
  }
  const preset = search.range ?? '28d';
  if (!(preset in presets))
    return {
      scope: null,
      problem: `"${preset.slice(0, 60)}" is not a range; expected one of ${Object.keys(presets).join(', ')}, or from=YYYY-MM-DD and to=YYYY-MM-DD.`,
    };
  const last = (search.incomplete === 'true' ? lastDay : dataThrough) ?? dataThrough ?? firstDay ?? lastDay;
  if (last === null) return { scope: null, problem: 'Nothing is published yet.' };
  const from = addDays((dataThrough ?? last) as Day, 1 - presets[preset as Preset]);
  return { scope: { from, to: last, ...players }, problem: null };
}
