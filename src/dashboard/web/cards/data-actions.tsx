import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChartLine, IconDownload, IconTable } from '@tabler/icons-react';
import type { DataColumn, DataRow } from './data-table.tsx';

/** Buttons of a card with data: chart or table, and CSV. */
export function DataActions({ title, file, columns, rows, table }: DataActionsProps) {
  const csv = async () => {
    const { saveCsv } = await import('./save-csv.ts');
    saveCsv(file, columns, rows);
  };
  return (
    <>
      {table === undefined ? null : (
        <Tooltip label={table.shown ? 'Show the chart' : 'Show the table'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Table: ${title}`}
            aria-pressed={table.shown}
            onClick={table.toggle}
          >
            {table.shown ? <IconChartLine size={18} aria-hidden /> : <IconTable size={18} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label="Save as CSV">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Save as CSV: ${title}`}
          onClick={() => void csv()}
        >
          <IconDownload size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** What they act on. */
export interface DataActionsProps {
  readonly title: string;
  /** Name of the CSV file, without its ending. */
  readonly file: string;
  readonly columns: readonly DataColumn[];
  readonly rows: readonly DataRow[];
  /** Where there is a chart beside the table. */
  readonly table?: { readonly shown: boolean; readonly toggle: () => void };
}
