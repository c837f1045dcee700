import Papa from 'papaparse';
import type { DataColumn, DataRow } from './data-table.tsx';

/** Saves rows as a CSV file (RFC 4180, UTF-8): raw numbers, days as YYYY-MM-DD, nothing where nothing is known. Texts that a spreadsheet would run are escaped. */
export function saveCsv(name: string, columns: readonly DataColumn[], rows: readonly DataRow[]): void {
  const text = Papa.unparse(
    {
      fields: columns.map(({ key }) => key),
      data: rows.map((row) => columns.map(({ key }) => row[key] ?? '')),
    },
    { escapeFormulae: true, newline: '\r\n' },
  );
  const url = URL.createObjectURL(new Blob([`${text}\r\n`], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
