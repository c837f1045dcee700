import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Funnel, FunnelStep } from '../domain/funnel.ts';
import { onceFor } from '../domain/once.ts';
import { columnsNamed } from './columns.ts';

const date = pl.col('date');
const player = pl.col('player_id');
const matchedAt = pl.col('timestamp').alias('matched_at');
const before = pl.col('step').shift(1).over('date', 'player_id');
const isNoRepeat = before.eq(pl.col('step')).fillNull(pl.lit(false)).not();

/**
 * One event day's `events_cleaned` to one row an event and step of the funnel that it matches, sorted by player, time and step:
 * date, player_id, step (from 1), matched_at. Of a player's matches of one step with no other step between them the first alone is
 * there: whatever is looked for at or after an instant, it is found no later.
 */
export function extractFunnelSteps(events: LazyDataFrame, funnel: Funnel): LazyDataFrame {
  const matches = matchesOf(funnel).map(({ isMatch, number }) =>
    events.filter(isMatch).select(date, player, number, matchedAt),
  );
  return pl
    .concat(matches)
    .sort({ by: columnsNamed('player_id', 'matched_at', 'step') })
    .filter(isNoRepeat);
}

interface StepMatch {
  readonly isMatch: Expr;
  readonly number: Expr;
}

/** What matches each step, in order. */
const matchesOf = onceFor(({ steps }: Funnel): readonly StepMatch[] =>
  steps.map((step, n) => ({ isMatch: matchOf(step), number: numberOf(n + 1) })),
);

function numberOf(step: number): Expr {
  return pl.lit(step).cast(pl.Int64).alias('step');
}

function matchOf({ event, where = {} }: FunnelStep): Expr {
  return Object.entries(where).reduce(
    (match, [property, value]) => match.and(equals(property, value)),
    pl.col('event_type').eq(pl.lit(event)),
  );
}

function equals(property: string, value: string | number | boolean): Expr {
  const column = pl.col(property);
  return (typeof value === 'number' ? column.cast(pl.Float64) : column).eq(pl.lit(value));
}
