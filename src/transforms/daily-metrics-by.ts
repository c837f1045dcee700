import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { dimensions } from '../schema/tables/daily-metrics-by.ts';
import { shiftDays } from './calendar.ts';
import { columnsOf } from './columns.ts';
import {
  countDormant,
  countTrailing,
  measureActivity,
  measureSessions,
  monthly,
  onlyWhereKnown,
  ratios,
  weekly,
  windowStates,
} from './group-metrics.ts';

/** A join takes two unknown values for different ones: a known one is told from them by a column of its own. */
const by = ['is_known', 'value'];
const key = ['date', ...by];
const none = pl.lit(0).cast(pl.Int64);
const orNone = ['sessions', 'dormant_players'].map((name) => pl.col(name).fillNull(none).alias(name));
const onlyKnown = pl.when(pl.col('is_known')).then(pl.col('value')).otherwise(pl.lit(null)).alias('value');
const traits = dimensions.map((dimension) => {
  const value = valueOf(dimension);
  const columns = [
    pl.col('player_id'),
    value.isNotNull().alias('is_known'),
    value.fillNull(pl.lit('')).alias('value'),
  ];
  return { columns, name: pl.lit(dimension).alias('dimension') };
});

/**
 * The metrics of a date for the players who share one value of one dimension: one row a date, dimension and value that an active player
 * has, sorted by these, an unknown value first. Definitions: schema/tables/daily-metrics-by.ts.
 */
export function buildDailyMetricsBy(
  activity: LazyDataFrame,
  sessions: LazyDataFrame,
  players: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const days = windowStates(dayStates);
  const frames = traits.map(({ columns, name }) => {
    const values = players.select(...columns);
    const ofPlayer = (rows: LazyDataFrame) => rows.join(values, { on: 'player_id', how: 'left' });
    return measureBy(ofPlayer(activity), ofPlayer(sessions), days).withColumn(name);
  });
  return pl
    .concat(frames)
    .withColumn(onlyKnown)
    .select(...columnsOf('daily_metrics_by'))
    .sort({ by: ['date', 'dimension', 'value'] });
}

function measureBy(activity: LazyDataFrame, sessions: LazyDataFrame, days: LazyDataFrame): LazyDataFrame {
  const joined = [
    measureSessions(sessions, by),
    countDormant(activity, by),
    countTrailing(activity, weekly, by),
    countTrailing(activity, monthly, by),
  ].reduce((all, table) => all.join(table, { on: key, how: 'left' }), measureActivity(activity, by));
  return joined
    .join(days, { on: 'date', how: 'left' })
    .withColumns(...orNone)
    .withColumns(...onlyWhereKnown)
    .withColumns(...ratios);
}

/** A player's value of a dimension; an acquisition week is named by its Monday. */
function valueOf(dimension: (typeof dimensions)[number]): Expr {
  if (dimension !== 'acquisition_week') return pl.col(dimension);
  const day = pl.col('acquisition_date');
  const sinceMonday = day.dt.weekday().cast(pl.Int32).sub(pl.lit(1).cast(pl.Int32));
  return shiftDays(day, pl.lit(0).cast(pl.Int32).sub(sinceMonday)).cast(pl.Utf8);
}
