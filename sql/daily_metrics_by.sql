-- The metrics of daily_metrics for the players who share one value of one dimension, by what `players` says of them.
-- Acquisition weeks are named by their Monday. A player whose value is not known is counted under null.
WITH days AS (
  SELECT date, complete FROM daily_metrics
), traits AS (
  UNPIVOT (
    SELECT player_id, acquisition_date,
      coalesce(segment, '?') AS segment, coalesce(country, '?') AS country, coalesce(platform, '?') AS platform,
      coalesce(source, '?') AS source, strftime(date_trunc('week', acquisition_date), '%Y-%m-%d') AS acquisition_week
    FROM players
  ) ON segment, country, platform, source, acquisition_week INTO NAME dimension VALUE value
), activity AS (
  SELECT dimension, value, a.date, player_id, acquisition_date
  FROM (SELECT DISTINCT date, player_id FROM events_cleaned) a JOIN traits USING (player_id)
), money AS (
  SELECT
    dimension, value, date,
    count(*) AS events,
    coalesce(sum(amount_base), 0) AS revenue,
    coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0) AS ad_revenue,
    count(DISTINCT player_id) FILTER (event_type = 'purchase' AND amount > 0) AS payers
  FROM events_cleaned JOIN traits USING (player_id) GROUP BY ALL
), length AS (
  SELECT
    dimension, value, date,
    count(*) AS sessions,
    round_even(avg(length), 0) / 1e6 AS session_length_mean,
    round_even(quantile_cont(length, 0.5), 0) / 1e6 AS session_length_p50,
    round_even(quantile_cont(length, 0.9), 0) / 1e6 AS session_length_p90,
    avg(events) AS events_per_session
  FROM (SELECT *, date_sub('microsecond', started_at, ended_at) AS length FROM sessions) JOIN traits USING (player_id)
  GROUP BY ALL
), lifecycle AS (
  SELECT
    a.dimension, a.value, a.date,
    count(*) AS dau,
    count(*) FILTER (a.acquisition_date = a.date) AS new_players,
    count(*) FILTER (a.acquisition_date <> a.date AND y.player_id IS NOT NULL) AS returning_players,
    count(*) FILTER (a.acquisition_date <> a.date AND y.player_id IS NULL) AS resurrected_players
  FROM activity a
  LEFT JOIN activity y ON y.player_id = a.player_id AND y.dimension = a.dimension AND y.date = a.date - 1
  GROUP BY ALL
), dormant AS (
  SELECT y.dimension, y.value, y.date + 1 AS date, count(*) AS dormant_players
  FROM activity y ANTI JOIN activity t ON t.player_id = y.player_id AND t.dimension = y.dimension AND t.date = y.date + 1
  GROUP BY ALL
), windows AS (
  SELECT l.dimension, l.value, l.date,
    count(DISTINCT player_id) FILTER (a.date > l.date - 7) AS wau,
    count(DISTINCT player_id) AS mau
  FROM lifecycle l
  JOIN activity a ON a.dimension = l.dimension AND a.value = l.value AND a.date BETWEEN l.date - 29 AND l.date
  GROUP BY ALL
), known AS (
  SELECT
    date, complete,
    (SELECT count(*) FROM days w WHERE w.date BETWEEN d.date - 6 AND d.date AND w.complete) = 7 AS has_week,
    (SELECT count(*) FROM days w WHERE w.date BETWEEN d.date - 29 AND d.date AND w.complete) = 30 AS has_month,
    d.date = (SELECT min(date) FROM days)
      OR coalesce((SELECT y.complete FROM days y WHERE y.date = d.date - 1), false) AS knows_yesterday
  FROM days d
)
SELECT
  date,
  dimension,
  nullif(value, '?') AS value,
  dau,
  CASE WHEN has_week THEN wau END AS wau,
  CASE WHEN has_month THEN mau END AS mau,
  CASE WHEN has_month THEN dau / mau END AS stickiness,
  new_players,
  CASE WHEN knows_yesterday THEN returning_players END AS returning_players,
  CASE WHEN knows_yesterday THEN resurrected_players END AS resurrected_players,
  CASE WHEN knows_yesterday THEN coalesce(dormant_players, 0) END AS dormant_players,
  events,
  coalesce(sessions, 0) AS sessions,
  session_length_mean,
  session_length_p50,
  session_length_p90,
  events_per_session,
  revenue::DECIMAL(18,4) AS revenue,
  ad_revenue::DECIMAL(18,4) AS ad_revenue,
  payers,
  payers / dau AS conversion_rate,
  (revenue + ad_revenue)::DOUBLE / dau AS arpdau,
  revenue::DOUBLE / dau AS arpdau_iap,
  CASE WHEN payers > 0 THEN revenue::DOUBLE / payers END AS arppu,
  complete
FROM lifecycle
JOIN money USING (dimension, value, date)
JOIN windows USING (dimension, value, date)
JOIN known USING (date)
LEFT JOIN length USING (dimension, value, date)
LEFT JOIN dormant USING (dimension, value, date)
ORDER BY date, dimension, nullif(value, '?') NULLS FIRST;
