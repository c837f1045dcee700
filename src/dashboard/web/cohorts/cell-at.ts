import type { Answer } from '../../api/routes.ts';

type Cohort = Answer<'retention'>['cohorts'][number];

/** The cell of a cohort at an age; none where the table has none. */
export function cellAt(
  { cells }: Cohort,
  age: Pick<Cohort['cells'][number], 'day_n' | 'day_from'>,
): Cohort['cells'][number] | undefined {
  return cells.find(({ day_n, day_from }) => day_n === age.day_n && day_from === age.day_from);
}
