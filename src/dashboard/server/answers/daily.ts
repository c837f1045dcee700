import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRange } from '../../../domain/day.ts';
import { type Daily, dailyMetricNames } from '../../api/daily.ts';
import { rowsWithin } from './question.ts';

const columns = dailyMetricNames.map((name) => `${name}::DOUBLE AS ${name}`).join(', ');

/** Days of `daily_metrics` in a range. */
export function readDaily(connection: DuckDBConnection, range: DayRange): Promise<Daily[]> {
  return rowsWithin(
    connection,
    range,
    `SELECT date::VARCHAR AS date, complete, settled, ${columns} FROM daily_metrics
    WHERE date BETWEEN $from::DATE AND $to::DATE ORDER BY daily_metrics.date`,
  );
}
