-- By the date that players registered on: how many of them got how far, step by step in this order, within 7 × 24 hours.
-- A step is reached at its first event at or after the time of the step before; the same instant counts.
-- An entry date is mature when it and the seven days after it are complete; until then nothing is known of the steps after the first.
WITH registered AS (
  SELECT player_id, min(date) AS entry_date, min(timestamp) AS entered_at, min(timestamp) + INTERVAL 168 HOURS AS ends_at
  FROM events_cleaned WHERE event_type = 'player_registered' GROUP BY player_id
), had_session AS (
  SELECT r.player_id, min(e.timestamp) AS reached_at
  FROM registered r JOIN events_cleaned e USING (player_id)
  WHERE e.event_type = 'session_start' AND e.timestamp BETWEEN r.entered_at AND r.ends_at
  GROUP BY r.player_id
), won_level_1 AS (
  SELECT r.player_id, min(e.timestamp) AS reached_at
  FROM had_session s JOIN registered r USING (player_id) JOIN events_cleaned e USING (player_id)
  WHERE e.event_type = 'level_complete' AND e.level = 1 AND e.success AND e.timestamp BETWEEN s.reached_at AND r.ends_at
  GROUP BY r.player_id
), won_level_5 AS (
  SELECT r.player_id, min(e.timestamp) AS reached_at
  FROM won_level_1 s JOIN registered r USING (player_id) JOIN events_cleaned e USING (player_id)
  WHERE e.event_type = 'level_complete' AND e.level = 5 AND e.success AND e.timestamp BETWEEN s.reached_at AND r.ends_at
  GROUP BY r.player_id
), purchased AS (
  SELECT r.player_id, min(e.timestamp) AS reached_at
  FROM won_level_5 s JOIN registered r USING (player_id) JOIN events_cleaned e USING (player_id)
  WHERE e.event_type = 'purchase' AND e.timestamp BETWEEN s.reached_at AND r.ends_at
  GROUP BY r.player_id
), reached AS (
  SELECT 1 AS step, 'registered' AS name, player_id, entered_at AS reached_at FROM registered
  UNION ALL SELECT 2, 'first_session', * FROM had_session
  UNION ALL SELECT 3, 'level_1', * FROM won_level_1
  UNION ALL SELECT 4, 'level_5', * FROM won_level_5
  UNION ALL SELECT 5, 'first_purchase', * FROM purchased
), steps AS (
  SELECT DISTINCT entry_date, s.step, s.name
  FROM registered, (VALUES (1, 'registered'), (2, 'first_session'), (3, 'level_1'), (4, 'level_5'), (5, 'first_purchase')) s(step, name)
), counted AS (
  SELECT
    s.entry_date, s.step, s.name,
    count(r.player_id) AS players,
    round_even(quantile_cont(epoch_us(r.reached_at) - epoch_us(r.entered_at), 0.5), 0) / 1e6 AS seconds_p50,
    (SELECT count(*) FROM daily_metrics d WHERE d.complete AND d.date = s.entry_date) = 1 AS entry_known,
    (SELECT count(*) FROM daily_metrics d WHERE d.complete AND d.date BETWEEN s.entry_date AND s.entry_date + 7) = 8 AS mature
  FROM steps s
  LEFT JOIN (FROM reached JOIN registered USING (player_id)) r USING (entry_date, step)
  GROUP BY s.entry_date, s.step, s.name
), rated AS (
  SELECT
    *,
    mature OR (step = 1 AND entry_known) AS known,
    first(players) OVER (PARTITION BY entry_date ORDER BY step) AS entered,
    lag(players) OVER (PARTITION BY entry_date ORDER BY step) AS before
  FROM counted
)
SELECT
  entry_date, step::BIGINT AS step, name,
  CASE WHEN known THEN players END AS players,
  CASE WHEN known THEN players / entered END AS rate_of_entered,
  CASE WHEN known AND before > 0 THEN players / before END AS rate_of_previous,
  CASE WHEN known THEN seconds_p50 END AS seconds_from_entry_p50,
  mature,
  (SELECT count(*) FROM daily_metrics d WHERE d.date < rated.entry_date AND NOT d.complete) AS gaps_before
FROM rated
ORDER BY entry_date, step;
