import type { Column } from './column.ts';

/** A published table as every reader is told of it. */
export interface Table {
  /** What one row is. */
  readonly row: string;
  /** What the table is for and how it is made, in a sentence or two. */
  readonly definition: string;
  /** Columns that no two rows share; rows stand in their order. */
  readonly key: readonly string[];
  /** Tables or profiles that it is made from. */
  readonly madeFrom: readonly string[];
  /** In the order of the file. */
  readonly columns: Readonly<Record<string, Column>>;
}
