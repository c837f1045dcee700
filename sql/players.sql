-- One row a player with at least one event: who they are, and what a churn model wants to know of them.
-- Acquisition, segment and the profile's part of country, platform and source come from raw/players/ and are taken as published;
-- everything else follows from the events. What looks back does so from the last complete day.
WITH horizon AS (
  SELECT max(date) FILTER (complete) AS observed_to FROM daily_metrics
), active AS (
  SELECT player_id, date, sum(amount_base) AS revenue FROM events_cleaned GROUP BY player_id, date
), runs AS (
  SELECT player_id, count(*) AS length, max(date) AS until
  FROM (SELECT player_id, date, date - (row_number() OVER (PARTITION BY player_id ORDER BY date))::INT AS run FROM active)
  GROUP BY player_id, run
), streaks AS (
  SELECT player_id, arg_max(length, until) AS current_streak, max(length) AS longest_streak FROM runs GROUP BY player_id
), days AS (
  SELECT
    player_id,
    min(date) AS first_active_date,
    max(date) AS last_active_date,
    any_value(observed_to) AS observed_to,
    count(*) AS active_days,
    count(*) FILTER (date > observed_to - 7 AND date <= observed_to) AS active_days_7,
    count(*) FILTER (date > observed_to - 30 AND date <= observed_to) AS active_days_30,
    sum(revenue) FILTER (date > observed_to - 30 AND date <= observed_to) AS revenue_30
  FROM active CROSS JOIN horizon GROUP BY player_id
), lifetime AS (
  SELECT
    player_id,
    count(*) AS events,
    max(level) AS highest_level,
    count(*) FILTER (event_type = 'level_complete' AND success) AS levels_completed,
    count(*) FILTER (event_type = 'achievement_unlocked') AS achievements,
    count(*) FILTER (event_type = 'purchase') AS purchases,
    min(date) FILTER (event_type = 'purchase' AND amount > 0) AS first_purchase_date,
    max(date) FILTER (event_type = 'purchase' AND amount > 0) AS last_purchase_date,
    coalesce(sum(amount_base), 0)::DECIMAL(18,4) AS revenue,
    count(*) FILTER (event_type = 'ad_watched') AS ads_watched,
    coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DECIMAL(18,4) AS ad_revenue,
    last(country ORDER BY timestamp, event_id) FILTER (country IS NOT NULL) AS last_country,
    last(platform ORDER BY timestamp, event_id) FILTER (platform IS NOT NULL) AS last_platform,
    last(source ORDER BY timestamp, event_id) FILTER (source IS NOT NULL) AS last_source
  FROM events_cleaned GROUP BY player_id
), played AS (
  SELECT player_id, count(*) AS sessions, sum(date_sub('microsecond', started_at, ended_at)) / 1e6 AS session_seconds
  FROM sessions GROUP BY player_id
)
SELECT
  player_id,
  p.acquisition_date,
  p.acquisition_basis,
  p.segment,
  coalesce(p.country, last_country) AS country,
  coalesce(p.platform, last_platform) AS platform,
  coalesce(p.source, last_source) AS source,
  first_active_date,
  last_active_date,
  observed_to,
  CASE WHEN observed_to IS NOT NULL THEN greatest(observed_to - last_active_date, 0) END::BIGINT AS days_since_active,
  active_days,
  CASE WHEN observed_to IS NOT NULL THEN active_days_7 END AS active_days_7,
  CASE WHEN observed_to IS NOT NULL THEN active_days_30 END AS active_days_30,
  current_streak,
  longest_streak,
  events,
  coalesce(sessions, 0) AS sessions,
  coalesce(session_seconds, 0)::DOUBLE AS session_seconds,
  highest_level,
  levels_completed,
  achievements,
  purchases,
  first_purchase_date,
  last_purchase_date,
  revenue,
  CASE WHEN observed_to IS NOT NULL THEN coalesce(revenue_30, 0) END::DECIMAL(18,4) AS revenue_30,
  ads_watched,
  ad_revenue,
  first_purchase_date IS NOT NULL AS is_payer
FROM lifetime
JOIN days USING (player_id)
JOIN streaks USING (player_id)
LEFT JOIN played USING (player_id)
JOIN (SELECT player_id, acquisition_date, acquisition_basis, segment, country, platform, source FROM players) p USING (player_id)
ORDER BY player_id;
