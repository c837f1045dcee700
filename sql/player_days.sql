-- One row a player and day with at least one event. Revenue counts purchases in the base currency, here USD.
SELECT
  date,
  player_id,
  count(*) AS events,
  min(timestamp) AS first_event_at,
  max(timestamp) AS last_event_at,
  bool_or(event_type = 'player_registered') AS registered,
  count(*) FILTER (event_type = 'session_start') AS session_starts,
  count(*) FILTER (event_type = 'level_start') AS level_starts,
  count(*) FILTER (event_type = 'level_complete' AND success) AS levels_completed,
  max(level) AS highest_level,
  count(*) FILTER (event_type = 'achievement_unlocked') AS achievements,
  count(*) FILTER (event_type = 'purchase') AS purchases,
  count(*) FILTER (event_type = 'purchase' AND currency <> 'USD') AS purchases_other_currency,
  bool_or(event_type = 'purchase' AND amount > 0) AS is_payer,
  coalesce(sum(amount) FILTER (event_type = 'purchase' AND currency = 'USD'), 0)::DECIMAL(18,4) AS revenue,
  count(*) FILTER (event_type = 'ad_watched') AS ads_watched,
  coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DECIMAL(18,4) AS ad_revenue
FROM events_cleaned
GROUP BY date, player_id
ORDER BY date, player_id;
