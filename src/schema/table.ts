import type { Column } from './column.ts';

/** Values of a table that stand once their day is complete, so that a later change of one is a restatement. */
export interface Restated {
  /** Column with the date that a row's values belong to. */
  readonly day: string;
  /** SQL condition that a row has to meet as well. */
  readonly rows?: string;
  /** Columns that are no values, beside the key: what is known of the row's days, or follows from the key. */
  readonly marks: readonly string[];
  /** Values that follow from sessions, which go on until the day after is complete. */
  readonly ofSessions?: readonly string[];
}

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
  /** Absent where values change with every day by definition, or are no figures. */
  readonly restated?: Restated;
  /** In the order of the file. */
  readonly columns: Readonly<Record<string, Column>>;
}
