-- One row a player, day and level with a start or a completion. Win: completed with success. Loss: completed without.
-- Until win: what happened no later than the day's first win of the level; null without one.
-- Times add up in whole microseconds; a sum is null when one of its completions does not say how long it took (three years is no time).
WITH tries AS (
  SELECT
    date, player_id, level, timestamp,
    event_type = 'level_start' AS starts,
    event_type = 'level_complete' AS completes,
    event_type = 'level_complete' AND coalesce(success, false) AS wins,
    CASE WHEN time_spent < 1e8 THEN round_even(time_spent * 1e6, 0)::BIGINT END AS time_us
  FROM events_cleaned
  WHERE event_type IN ('level_start', 'level_complete')
), first_wins AS (
  SELECT date, player_id, level, min(timestamp) AS won_at FROM tries WHERE wins GROUP BY ALL
), until_win AS (
  SELECT
    date, player_id, level,
    count(*) FILTER (starts) AS starts_until_win,
    CASE WHEN bool_and(time_us IS NOT NULL OR starts) THEN sum(time_us) FILTER (completes) / 1e6 END AS time_until_win_s
  FROM tries JOIN first_wins USING (date, player_id, level)
  WHERE timestamp <= won_at
  GROUP BY ALL
), totals AS (
  SELECT
    date, player_id, level,
    count(*) FILTER (starts) AS starts,
    count(*) FILTER (wins) AS wins,
    count(*) FILTER (completes AND NOT wins) AS losses,
    CASE WHEN bool_and(time_us IS NOT NULL OR starts) THEN coalesce(sum(time_us) FILTER (completes), 0) / 1e6 END AS time_spent_s,
    min(timestamp) FILTER (starts) AS first_start_at
  FROM tries
  GROUP BY ALL
)
SELECT
  date, player_id, level, starts, wins, losses, time_spent_s, starts_until_win, time_until_win_s, first_start_at,
  won_at AS first_win_at
FROM totals
LEFT JOIN first_wins USING (date, player_id, level)
LEFT JOIN until_win USING (date, player_id, level)
ORDER BY date, player_id, level;
