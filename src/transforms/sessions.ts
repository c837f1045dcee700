import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Day } from '../domain/day.ts';
import { dayLiteral, epochDay } from './calendar.ts';
import { columnsNamed } from './columns.ts';
import { MICROSECONDS_A_DAY, toSeconds } from './durations.ts';
import { money, ofType } from './sums.ts';

const NOON = MICROSECONDS_A_DAY / 2;
const LONGEST_GAP = MICROSECONDS_A_DAY / 48;

const date = pl.col('date');
const timestamp = pl.col('timestamp');
const no = pl.lit(false);
const before = (name: string) => pl.col(name).shift(1);
const microseconds = (from: Expr, to: Expr) => to.sub(from).cast(pl.Int64);

/** Which day the sessions begin on, and whether the day after it is complete. */
export interface SessionDay {
  readonly day: Day;
  readonly nextIsComplete: boolean;
}

/**
 * One row a session that begins on the day, from `events_cleaned` of the day and its two neighbours (without rows where there
 * is none), sorted by player and start. A session is a player's run of events: a new one begins more than 30 minutes after the
 * event before, after a `session_end`, or at a `session_start`, ties never parted. What of it lies after midnight belongs to it,
 * unless that part goes on past noon UTC: then it is cut at midnight. It is open if it may go on into a day not complete yet.
 */
export function buildSessions(
  previous: LazyDataFrame,
  events: LazyDataFrame,
  next: LazyDataFrame,
  { day, nextIsComplete }: SessionDay,
): LazyDataFrame {
  const midnight = epochDay(day) * MICROSECONDS_A_DAY;
  const tailFrom = instant(midnight - LONGEST_GAP);
  const headTo = instant(midnight + MICROSECONDS_A_DAY + NOON + LONGEST_GAP);
  const rows = pl.concat([
    previous.select(...eventColumns).filter(timestamp.gtEq(tailFrom)),
    events.select(...eventColumns),
    next.select(...eventColumns).filter(timestamp.ltEq(headTo)),
  ]);
  return joinParts(cutParts(rows))
    .filter(date.eq(dayLiteral(day)))
    .select(...(nextIsComplete ? settledColumns : openColumns))
    .sort({ by: columnsNamed('player_id', 'started_at') });
}

const eventColumns = ['date', 'player_id', 'event_type', 'timestamp', 'amount_base', 'revenue'].map((name) =>
  pl.col(name),
);
const sessionColumns = [
  date,
  pl.col('player_id'),
  pl.col('started_at').rank('ordinal').over('player_id').cast(pl.Int64).alias('session_number'),
  pl.col('started_at'),
  pl.col('ended_at'),
  toSeconds(microseconds(pl.col('started_at'), pl.col('ended_at'))).alias('duration_s'),
  pl.col('events'),
  pl.col('purchases'),
  pl.col('revenue'),
  pl.col('ad_revenue'),
];
const openColumns = [...sessionColumns, pl.col('may_go_on').alias('is_open')];
const settledColumns = [...sessionColumns, pl.col('may_go_on').and(no).alias('is_open')];

const eventMarks = [ofType('session_start').alias('is_start'), ofType('session_end').alias('is_end')];
const gap = microseconds(before('timestamp'), timestamp);
const isParted = gap.gt(pl.lit(LONGEST_GAP)).or(before('is_end')).or(pl.col('is_start'));
const isFirst = pl.col('player_id').eq(before('player_id')).fillNull(no).not();
const begins = isFirst.or(gap.gt(pl.lit(0)).and(isParted)).alias('begins');
const part = pl
  .col('begins')
  .or(date.neq(before('date')))
  .cast(pl.Int64)
  .cumSum()
  .alias('part');
const partColumns = [
  pl.col('player_id').first(),
  date.first(),
  pl.col('begins').any(),
  pl.col('is_end').any().alias('has_end'),
  timestamp.min().alias('started_at'),
  timestamp.max().alias('ended_at'),
  pl.len().cast(pl.Int64).alias('events'),
  ofType('purchase').sum().cast(pl.Int64).alias('purchases'),
  money(pl.col('amount_base'), 'revenue'),
  money(pl.col('revenue').filter(ofType('ad_watched')), 'ad_revenue'),
];

/**
 * A session's events of one day. Of one instant, starts come first and ends last, so that neighbours tell whether a session
 * begins; only the first event of a part can begin one.
 */
function cutParts(rows: LazyDataFrame): LazyDataFrame {
  return rows
    .withColumns(...eventMarks)
    .sort({
      by: columnsNamed('player_id', 'timestamp', 'is_end', 'is_start'),
      descending: [false, false, false, true],
    })
    .withColumn(begins)
    .withColumn(part)
    .groupBy(columnsNamed('part'))
    .agg(...partColumns);
}

const endsAfter = microseconds(date.cast(pl.Datetime('us', 'UTC')), pl.col('ended_at'));
const partMarks = [
  pl
    .col('begins')
    .or(endsAfter.gt(pl.lit(NOON)))
    .alias('is_own'),
  endsAfter
    .gtEq(pl.lit(MICROSECONDS_A_DAY - LONGEST_GAP))
    .and(pl.col('has_end').not())
    .alias('may_go_on'),
];
const session = pl.col('is_own').cast(pl.Int64).cumSum().alias('session');
const sessionSums = [
  pl.col('player_id').first(),
  date.min(),
  pl.col('started_at').min(),
  pl.col('ended_at').max(),
  pl.col('may_go_on').any(),
  pl.col('events').sum(),
  pl.col('purchases').sum(),
  money(pl.col('revenue'), 'revenue'),
  money(pl.col('ad_revenue'), 'ad_revenue'),
];

/** Sessions of parts: each part that another one's session goes on in, not past noon, is added to the part before. */
function joinParts(parts: LazyDataFrame): LazyDataFrame {
  return parts
    .withColumns(...partMarks)
    .sort({ by: columnsNamed('part') })
    .withColumn(session)
    .groupBy(columnsNamed('session'))
    .agg(...sessionSums);
}

function instant(epochMicroseconds: number): Expr {
  return pl.lit(epochMicroseconds).cast(pl.Int64).cast(pl.Datetime('us', 'UTC'));
}
