import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Day } from '../../../src/domain/day.ts';
import { epochDay } from '../../../src/transforms/calendar.ts';

/** What a profile says of a player. */
export interface Profile {
  readonly acquired?: Day;
  readonly segment?: string;
  readonly country?: string;
}

const schema = {
  player_id: pl.Utf8,
  profile_date: pl.Int32,
  segment: pl.Utf8,
  country: pl.Utf8,
  platform: pl.Utf8,
  source: pl.Utf8,
};

/** Profiles by player, as they are read from `raw/players/`. */
export function profileFrame(profiles: Readonly<Record<string, Profile>>): LazyDataFrame {
  const all = Object.values(profiles);
  const none = all.map(() => null);
  return pl
    .DataFrame(
      {
        player_id: Object.keys(profiles),
        profile_date: all.map(({ acquired }) => (acquired === undefined ? null : epochDay(acquired))),
        segment: all.map(({ segment }) => segment ?? null),
        country: all.map(({ country }) => country ?? null),
        platform: none,
        source: none,
      },
      { schema },
    )
    .lazy()
    .withColumn(pl.col('profile_date').cast(pl.Date));
}
