/** What a column holds. */
export type ColumnType = 'text' | 'whole' | 'small' | 'number' | 'money' | 'flag' | 'date' | 'instant';

/** A column as every reader of the tables is told of it. */
export interface Column {
  readonly type: ColumnType;
  /** What one of it is, such as `players`; null for what is not counted or measured. */
  readonly unit: string | null;
  readonly definition: string;
  /** When nothing is known; null for a column that always has a value. */
  readonly nullWhen: string | null;
}

/** What a column is beside its definition. */
export interface ColumnOptions {
  readonly unit?: string;
  readonly nullWhen?: string;
}

/** DuckDB type of each kind of column. */
export const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  whole: 'BIGINT',
  small: 'TINYINT',
  number: 'DOUBLE',
  money: 'DECIMAL(18,4)',
  flag: 'BOOLEAN',
  date: 'DATE',
  instant: 'TIMESTAMP WITH TIME ZONE',
};

const column =
  (type: ColumnType, usual: string | null = null) =>
  (definition: string, { unit, nullWhen }: ColumnOptions = {}): Column => ({
    type,
    unit: unit ?? usual,
    definition,
    nullWhen: nullWhen ?? null,
  });

/** Text in UTF-8. */
export const text = column('text');

/** A whole number of 64 bits. */
export const whole = column('whole');

/** A whole number of 8 bits. */
export const small = column('small');

/** A double. */
export const number = column('number');

/** A decimal with four places, in the base currency where nothing else is said. */
export const money = column('money', 'base currency');

/** True or false. */
export const flag = column('flag');

/** A UTC calendar date. */
export const date = column('date');

/** An instant in UTC, to the microsecond. */
export const instant = column('instant');

/** A number of players. */
export const players = column('whole', 'players');

/** A number of events. */
export const events = column('whole', 'events');

/** A share between 0 and 1. */
export const share = column('number', 'share');
