import pl, { type Expr } from 'nodejs-polars';
import type { PublishedTable } from '../domain/tables.ts';
import { columnNamesOf } from '../schema/tables.ts';

const made = new Map<PublishedTable, readonly Expr[]>();

/**
 * The columns of a published table, in order, to select. Making an expression takes the client of Polars a third of a millisecond, which is
 * why expressions that never change are made once.
 */
export function columnsOf(table: PublishedTable): readonly Expr[] {
  const known = made.get(table) ?? columnNamesOf(table).map((name) => pl.col(name));
  made.set(table, known);
  return known;
}

const named = new Map<string, Expr>();

/** Columns by their names, each made once; the client makes a new expression of each name that it is given as text. */
export function columnsNamed(...names: readonly string[]): Expr[] {
  return names.map((name) => {
    const known = named.get(name) ?? pl.col(name);
    named.set(name, known);
    return known;
  });
}

/** Columns to join on. The client takes expressions there as well, though its types know names alone. */
export function joinColumns(...names: readonly string[]): string[] {
  return columnsNamed(...names) as unknown as string[];
}
