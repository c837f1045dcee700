-- Events that are a step of the default funnel: 1 registered, 2 session started, 3 level 1 won, 4 level 5 won, 5 purchase.
-- A repeat of a step with no other step between is left out, within a day: it can change no funnel.
WITH matches AS (
  SELECT
    date,
    player_id,
    CASE
      WHEN event_type = 'player_registered' THEN 1
      WHEN event_type = 'session_start' THEN 2
      WHEN event_type = 'level_complete' AND level = 1 AND success THEN 3
      WHEN event_type = 'level_complete' AND level = 5 AND success THEN 4
      WHEN event_type = 'purchase' THEN 5
    END::BIGINT AS step,
    timestamp AS matched_at
  FROM events_cleaned
)
SELECT date, player_id, step, matched_at
FROM matches
WHERE step IS NOT NULL
QUALIFY lag(step) OVER (PARTITION BY date, player_id ORDER BY matched_at, step) IS DISTINCT FROM step
ORDER BY date, player_id, matched_at, step;
