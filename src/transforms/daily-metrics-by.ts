import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { dimensions } from '../schema/tables/daily-metrics-by.ts';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';
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
type Dimension = (typeof dimensions)[number];

const groupingBy = (dimension: Dimension) => {
  const value = pl.col(dimension);
  return {
    columns: [value.isNotNull().alias('is_known'), value.fillNull(pl.lit('')).alias('value')],
    name: pl.lit(dimension).alias('dimension'),
  };
};
const grouping = {
  segment: groupingBy('segment'),
  country: groupingBy('country'),
  platform: groupingBy('platform'),
  source: groupingBy('source'),
  acquisition_week: groupingBy('acquisition_week'),
} as const satisfies Readonly<Record<Dimension, ReturnType<typeof groupingBy>>>;

function groupBy(rows: LazyDataFrame, dimension: Dimension): LazyDataFrame {
  return rows.withColumns(...grouping[dimension].columns);
}

/** Linked sessions by date and value of a dimension. */
export function measureSessionsBy(dimension: Dimension, sessions: LazyDataFrame): LazyDataFrame {
  return measureSessions(groupBy(sessions, dimension), by);
}

/**
 * The metrics of a date for the players who share one value of a dimension: one row a date and value that an active player has, in no
 * order. Linked activity and what `measureSessionsBy` measures in. Definitions: schema/tables/daily-metrics-by.ts.
 */
export function measureDimension(
  dimension: Dimension,
  activity: LazyDataFrame,
  sessions: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const active = groupBy(activity, dimension);
  const joined = [
    sessions,
    countDormant(active, by),
    countTrailing(active, weekly, by),
    countTrailing(active, monthly, by),
  ].reduce(
    (all, table) => all.join(table, { on: joinColumns(...key), how: 'left' }),
    measureActivity(active, by),
  );
  return joined
    .join(windowStates(dayStates), { on: joinColumns('date'), how: 'left' })
    .withColumns(...orNone)
    .withColumns(...onlyWhereKnown)
    .withColumns(...ratios, onlyKnown, grouping[dimension].name)
    .select(...columnsOf('daily_metrics_by'));
}

/** The rows of all dimensions, sorted by date, dimension and value, an unknown value first. */
export function joinDimensions(measured: readonly LazyDataFrame[]): LazyDataFrame {
  return pl.concat([...measured]).sort({ by: columnsNamed('date', 'dimension', 'value') });
}
