-- By date of the players' first start of a level: how many started it, how many of them have won it on any day since or before,
-- and what it took. completion_rate: completed of started. attempt_success_rate: wins of attempts, of all tries of these players.
-- Medians are over who completed: starts, and time spent, up to the first win.
WITH tries AS (
  SELECT
    date, player_id, level, timestamp,
    event_type = 'level_start' AS starts,
    event_type = 'level_complete' AND coalesce(success, false) AS wins,
    CASE WHEN event_type = 'level_start' THEN 0 WHEN time_spent < 1e8 THEN round_even(time_spent * 1e6, 0)::BIGINT END AS time_us
  FROM events_cleaned
  WHERE event_type IN ('level_start', 'level_complete')
), journeys AS (
  SELECT
    player_id, level,
    min(date) FILTER (starts) AS started_on,
    min(timestamp) FILTER (wins) AS won_at,
    count(*) FILTER (starts) AS attempts,
    count(*) FILTER (wins) AS wins
  FROM tries
  GROUP BY player_id, level
), victories AS (
  SELECT
    player_id, level,
    count(*) FILTER (starts) AS attempts,
    CASE WHEN count(*) = count(time_us) THEN sum(time_us)::BIGINT END AS time_us
  FROM tries JOIN journeys USING (player_id, level)
  WHERE timestamp <= won_at
  GROUP BY player_id, level
), levels AS (
  SELECT
    started_on AS date,
    level,
    count(*) AS players_started,
    count(won_at) AS players_completed,
    sum(j.attempts)::BIGINT AS attempts,
    sum(j.wins)::BIGINT AS wins,
    quantile_cont(v.attempts, 0.5) AS attempts_to_win_p50,
    round_even(quantile_cont(v.time_us, 0.5), 0) / 1e6 AS time_to_win_s_p50
  FROM journeys j LEFT JOIN victories v USING (player_id, level)
  WHERE started_on IS NOT NULL
  GROUP BY started_on, level
)
SELECT
  date, level, players_started, players_completed,
  players_completed / players_started AS completion_rate,
  players_started - players_completed AS dropped_off,
  (players_started - players_completed) / players_started AS drop_off_rate,
  attempts, wins,
  wins / attempts AS attempt_success_rate,
  attempts_to_win_p50, time_to_win_s_p50,
  (SELECT count(*) FROM daily_metrics d WHERE d.date < levels.date AND NOT d.complete) AS gaps_before
FROM levels
ORDER BY date, level;
