-- One row a session, on the day it begins.
-- A session is a run of a player's events. A new one begins at an event more than 30 minutes after the one before, later than a
-- session_end of the current one, or that is a session_start later than the event before; events of one instant stay together.
-- What a session has after midnight belongs to the day it began, unless that part goes on past noon UTC: then it is cut at midnight.
-- Open: it may still go on after midnight, and the next day is not complete. Revenue: IAP in the base currency. Duration: last less first.
WITH marked AS (
  SELECT *,
    coalesce(
      timestamp > max(timestamp) OVER instant_before + INTERVAL 30 MINUTE
        OR bool_or(event_type = 'session_end') OVER instant_before
        OR bool_or(event_type = 'session_start') OVER this_instant,
      true
    ) AS begins
  FROM events_cleaned
  WINDOW
    instant_before AS (PARTITION BY player_id ORDER BY timestamp GROUPS BETWEEN 1 PRECEDING AND 1 PRECEDING),
    this_instant AS (PARTITION BY player_id ORDER BY timestamp GROUPS BETWEEN CURRENT ROW AND CURRENT ROW)
), runs AS (
  SELECT *, count(*) FILTER (begins) OVER (PARTITION BY player_id ORDER BY timestamp RANGE UNBOUNDED PRECEDING) AS run
  FROM marked
), placed AS (
  SELECT *,
    CASE
      WHEN date = min(date) OVER (PARTITION BY player_id, run) THEN date
      WHEN max(timestamp) OVER (PARTITION BY player_id, run, date) AT TIME ZONE 'UTC' > date + INTERVAL 12 HOUR THEN date
      ELSE date - 1
    END AS session_date
  FROM runs
), sessions AS (
  SELECT
    session_date AS date,
    player_id,
    min(timestamp) AS started_at,
    max(timestamp) AS ended_at,
    count(*) AS events,
    count(*) FILTER (event_type = 'purchase') AS purchases,
    coalesce(sum(amount_base), 0)::DECIMAL(18,4) AS revenue,
    coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DECIMAL(18,4) AS ad_revenue,
    max(timestamp) FILTER (date = session_date) AS last_on_date,
    max(timestamp) FILTER (date = session_date AND event_type = 'session_end') AS last_end_on_date
  FROM placed
  GROUP BY session_date, player_id, run
)
SELECT
  s.date,
  player_id,
  row_number() OVER (PARTITION BY s.date, player_id ORDER BY started_at) AS session_number,
  started_at,
  ended_at,
  (epoch_us(ended_at) - epoch_us(started_at)) / 1000000 AS duration_s,
  s.events,
  purchases,
  s.revenue,
  s.ad_revenue,
  last_on_date AT TIME ZONE 'UTC' >= s.date + INTERVAL 1 DAY - INTERVAL 30 MINUTE
    AND last_end_on_date IS DISTINCT FROM last_on_date
    AND NOT coalesce(tomorrow.complete, false) AS is_open
FROM sessions s
LEFT JOIN daily_metrics tomorrow ON tomorrow.date = s.date + 1
ORDER BY s.date, player_id, started_at;
