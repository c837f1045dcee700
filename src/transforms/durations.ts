import pl, { type Expr } from 'nodejs-polars';

const MICROSECONDS_A_SECOND = 1_000_000;

/** Microseconds of a UTC day. */
export const MICROSECONDS_A_DAY = 86_400 * MICROSECONDS_A_SECOND;

/** Seconds (Float64) as whole microseconds (Int64), rounded half to even: sums of these do not depend on their order. */
export function toMicroseconds(seconds: Expr): Expr {
  return seconds.mul(pl.lit(MICROSECONDS_A_SECOND)).round(0).cast(pl.Int64);
}

/** Microseconds as seconds (Float64), to the whole microsecond: the double nearest to the decimal, below 2^51 µs. */
export function toSeconds(microseconds: Expr): Expr {
  const whole = microseconds.cast(pl.Float64).round(0);
  // Polars divides by multiplying with the reciprocal; only rounding makes 0.1 of 100,000.
  return whole.div(pl.lit(MICROSECONDS_A_SECOND)).round(6);
}

/** The sum of a group's values, null when one of them is unknown, 0 when there are none. */
export function sumOfKnown(values: Expr): Expr {
  return pl.when(values.isNull().any()).then(pl.lit(null)).otherwise(values.sum());
}
