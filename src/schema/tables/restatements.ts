import { date, flag, instant, text } from '../column.ts';
import type { Table } from '../table.ts';

/** Columns of the object that a commit stores; the others are the snapshot's. */
export const restatementColumns = {
  table_name: text('Table of the value.'),
  day: date('Date that the value belongs to: of cohorts and funnels the day of acquisition or entry.'),
  key: text('Key of its row, as JSON.'),
  metric: text('Its column.'),
  before: text('The value before, to the last digit.'),
  after: text('The value after.', { nullWhen: 'it is not known any more, or its row is gone' }),
  sessions_open: flag(
    'Whether the value follows from sessions that could still go on, since the day after was not complete.',
  ),
} as const;

const byRollback = { nullWhen: 'a rollback committed it' };

/** `restatements`: what SQL finds under this name. */
export const restatements: Table = {
  row: 'A known value of a complete date that a commit changed',
  definition:
    'What was published and is not so any more: a value that was not null, of a date whose own arrival had been published, and the commit that changed it.',
  key: ['snapshot', 'table_name', 'day', 'key', 'metric'],
  madeFrom: ['the tables of the snapshot and of the one before it'],
  columns: {
    snapshot: text('Id of the snapshot that changed it; ids are in the order of the commits.'),
    committed_at: instant('When it was committed.'),
    ...restatementColumns,
    arrivals: text('Arrival days that the commit brought or changed, with commas between them.'),
    workflow_id: text('Workflow of the run that committed it.', byRollback),
    run_id: text('The run.', byRollback),
  },
};
