-- Events and distinct players of each event type by day, and the share of the day's active players who had one (feature adoption).
WITH types AS (
  SELECT unnest(['player_registered', 'session_start', 'session_end', 'level_start', 'level_complete', 'purchase', 'ad_watched',
    'achievement_unlocked']) AS event_type
), active AS (
  SELECT date, count(DISTINCT player_id) AS dau FROM events_cleaned GROUP BY date
), counted AS (
  SELECT date, event_type, count(*) AS events, count(DISTINCT player_id) AS players
  FROM events_cleaned GROUP BY date, event_type
)
SELECT
  date,
  event_type,
  coalesce(events, 0) AS events,
  coalesce(players, 0) AS players,
  coalesce(players, 0) / dau AS adoption_rate
FROM active CROSS JOIN types LEFT JOIN counted USING (date, event_type)
ORDER BY date, event_type;
