-- One row a player and day with at least one event. Revenue counts purchases by their amount in the base currency; a purchase in a
-- currency without a rate has none, and is counted apart. A payer bought for more than 0, in any currency.
-- Country, platform and source are the last that an event of the day tells.
SELECT
  date,
  player_id,
  count(*) AS events,
  min(timestamp) AS first_event_at,
  max(timestamp) AS last_event_at,
  count(*) FILTER (event_type = 'player_registered') AS player_registered_events,
  count(*) FILTER (event_type = 'session_start') AS session_start_events,
  count(*) FILTER (event_type = 'session_end') AS session_end_events,
  count(*) FILTER (event_type = 'level_start') AS level_start_events,
  count(*) FILTER (event_type = 'level_complete') AS level_complete_events,
  count(*) FILTER (event_type = 'purchase') AS purchase_events,
  count(*) FILTER (event_type = 'ad_watched') AS ad_watched_events,
  count(*) FILTER (event_type = 'achievement_unlocked') AS achievement_unlocked_events,
  count(*) FILTER (event_type = 'level_complete' AND success) AS levels_completed,
  max(level) AS highest_level,
  count(*) FILTER (event_type = 'purchase' AND amount_base IS NULL) AS purchases_unconverted,
  bool_or(event_type = 'purchase' AND amount > 0) AS is_payer,
  coalesce(sum(amount_base), 0)::DECIMAL(18,4) AS revenue,
  coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DECIMAL(18,4) AS ad_revenue,
  last(country ORDER BY timestamp, event_id) FILTER (country IS NOT NULL) AS country,
  last(platform ORDER BY timestamp, event_id) FILTER (platform IS NOT NULL) AS platform,
  last(source ORDER BY timestamp, event_id) FILTER (source IS NOT NULL) AS source
FROM events_cleaned
GROUP BY date, player_id
ORDER BY date, player_id;
