import type { Day } from '../../../src/domain/day.ts';

/** A filter of players: as it stands in a URL, and as a query of their ids. */
export interface Chosen {
  readonly name: string;
  readonly search: string;
  readonly players: string;
}

const which = (condition: string) => `SELECT player_id FROM players WHERE ${condition}`;

/** No filter, and each that there is. */
export function filtersOver(days: readonly Day[]): readonly Chosen[] {
  const [from, to] = [days[1], days[4]];
  return [
    { name: 'no filter', search: '', players: which('true') },
    { name: 'a platform', search: '&platform=android', players: which("platform = 'android'") },
    { name: 'countries', search: '&country=US,IN', players: which("country IN ('US', 'IN')") },
    { name: 'a segment', search: '&segment=grinder', players: which("segment = 'grinder'") },
    { name: 'a source', search: '&source=organic', players: which("source = 'organic'") },
    {
      name: 'days of acquisition',
      search: `&acquiredFrom=${from}&acquiredTo=${to}`,
      players: which(`acquisition_date BETWEEN '${from}' AND '${to}'`),
    },
    {
      name: 'several at once',
      search: `&platform=ios,android&segment=casual,dolphin&acquiredTo=${to}`,
      players: which(
        `platform IN ('ios', 'android') AND segment IN ('casual', 'dolphin') AND acquisition_date <= '${to}'`,
      ),
    },
  ];
}
