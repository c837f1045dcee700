import type { Chosen } from './chosen.ts';
import type { Site } from './site.ts';

/** Days of a site as a query of `day`. */
export function listDays({ days }: Site): string {
  return `SELECT unnest([${days.map((day) => `DATE '${day}'`).join(', ')}]) AS day`;
}

/** Whether a column is one of the site's days. */
export function within({ days }: Site, column = 'date'): string {
  return `${column} BETWEEN DATE '${days[0]}' AND DATE '${days.at(-1)}'`;
}

/** Rows of a table that are of the chosen players. */
export function ownRows({ players }: Chosen, table: string): string {
  return `(SELECT * FROM ${table} SEMI JOIN (${players}) USING (player_id))`;
}
