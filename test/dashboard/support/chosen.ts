import type { Day } from '../../../src/domain/day.ts';

/** A filter of players: as it stands in a URL, and as a query of their ids. */
export interface Chosen {
  readonly name: string;
  /** Whether it is looked at in every run of the tests. */
  readonly isTelling: boolean;
  readonly search: string;
  readonly players: string;
}

const which = (condition: string) => `SELECT player_id FROM players WHERE ${condition}`;

/** No filter, and each that there is. */
export function filtersOver(days: readonly Day[]): readonly Chosen[] {
  const [from, to] = [days[1], days[4]];
  return [
    { name: 'no filter', isTelling: true, search: '', players: which('true') },
    {
      name: 'a platform',
      isTelling: false,
      search: '&platform=android',
      players: which("platform = 'android'"),
    },
    {
      name: 'countries',
      isTelling: false,
      search: '&country=US,IN',
      players: which("country IN ('US', 'IN')"),
    },
    {
      name: 'a segment',
      isTelling: false,
      search: '&segment=grinder',
      players: which("segment = 'grinder'"),
    },
    { name: 'a source', isTelling: false, search: '&source=organic', players: which("source = 'organic'") },
    {
      name: 'days of acquisition',
      isTelling: false,
      search: `&acquiredFrom=${from}&acquiredTo=${to}`,
      players: which(`acquisition_date BETWEEN '${from}' AND '${to}'`),
    },
    {
      name: 'several at once',
      isTelling: true,
      search: `&platform=ios,android&segment=casual,dolphin&acquiredTo=${to}`,
      players: which(
        `platform IN ('ios', 'android') AND segment IN ('casual', 'dolphin') AND acquisition_date <= '${to}'`,
      ),
    },
  ];
}
