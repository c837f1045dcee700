import pl, { type Expr } from 'nodejs-polars';
import type { EventTypeName } from '../schema/contract.ts';

const eventType = pl.col('event_type');

/** Whether an event is of a type. */
export function ofType(type: EventTypeName): Expr {
  return eventType.eq(pl.lit(type));
}

/** How many rows of a group a condition holds for, as Int64. */
export function count(condition: Expr, name: string): Expr {
  return condition.sum().cast(pl.Int64).alias(name);
}

/** Sum of a decimal column over a group, as Decimal(18, 4): Polars widens a sum. */
export function money(column: Expr, name: string): Expr {
  return column.sum().cast(pl.Decimal(18, 4)).alias(name);
}
