import type { Answer } from '../../api/routes.ts';
import type { DataColumn, DataRow } from '../cards/data-table.tsx';

const columns: readonly DataColumn[] = [
  { key: 'cohort_date', label: 'Acquired', kind: 'day' },
  { key: 'cohort_size', label: 'Players', kind: 'count' },
  { key: 'day_from', label: 'From day', kind: 'count' },
  { key: 'day_n', label: 'To day', kind: 'count' },
  { key: 'retained', label: 'Came back', kind: 'count' },
  { key: 'rate', label: 'Share', kind: 'rate' },
  { key: 'mature', label: 'Mature', kind: 'text' },
];

/** A row for each cell of the cohorts. */
export function csvOfCohorts({ cohorts }: Answer<'retention'>): {
  readonly columns: readonly DataColumn[];
  readonly rows: readonly DataRow[];
} {
  const rows = cohorts.flatMap(({ cohort_date, cohort_size, cells }) =>
    cells.map(({ day_from, day_n, retained, rate, mature }) => ({
      cohort_date,
      cohort_size,
      day_from,
      day_n,
      retained,
      rate,
      mature: String(mature),
    })),
  );
  return { columns, rows };
}
