import type { DataColumn } from '../cards/data-table.tsx';
import { formatDay } from '../format/locale.ts';
import { RunLink } from './run-link.tsx';

/** The column of a table of days with the run that made each. */
export const runColumn: DataColumn = {
  key: 'run',
  label: 'Run',
  kind: 'text',
  render: ({ run, day }) => <RunLink href={run as string | null} of={formatDay(String(day))} />,
};
