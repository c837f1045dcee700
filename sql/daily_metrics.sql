-- One row a day, each metric straight from the events and the players' acquisition dates.
-- DAU, WAU, MAU: distinct players on the day, in the trailing 7 and 30 days; null unless each of these days is complete.
-- New: acquired that day. Returning: not new, active the day before. Resurrected: the rest of the active.
-- Dormant: active the day before, not today. ARPDAU: IAP and ad revenue by DAU. ARPPU: IAP revenue by payers.
WITH days AS (
  SELECT date, complete FROM daily_metrics
), activity AS (
  SELECT DISTINCT date, player_id FROM events_cleaned
), money AS (
  SELECT
    date,
    count(*) AS events,
    coalesce(sum(amount) FILTER (event_type = 'purchase' AND currency = 'USD'), 0) AS revenue,
    coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0) AS ad_revenue,
    count(DISTINCT player_id) FILTER (event_type = 'purchase' AND amount > 0) AS payers
  FROM events_cleaned GROUP BY date
), lifecycle AS (
  SELECT
    a.date,
    count(*) AS dau,
    count(*) FILTER (p.acquisition_date = a.date) AS new_players,
    count(*) FILTER (p.acquisition_date <> a.date AND y.player_id IS NOT NULL) AS returning_players,
    count(*) FILTER (p.acquisition_date <> a.date AND y.player_id IS NULL) AS resurrected_players
  FROM activity a
  JOIN players p USING (player_id)
  LEFT JOIN activity y ON y.player_id = a.player_id AND y.date = a.date - 1
  GROUP BY a.date
), windows AS (
  SELECT
    d.date,
    (SELECT count(DISTINCT player_id) FROM activity WHERE date BETWEEN d.date - 6 AND d.date) AS wau,
    (SELECT count(DISTINCT player_id) FROM activity WHERE date BETWEEN d.date - 29 AND d.date) AS mau,
    (SELECT count(*) FROM days w WHERE w.date BETWEEN d.date - 6 AND d.date AND w.complete) = 7 AS has_week,
    (SELECT count(*) FROM days w WHERE w.date BETWEEN d.date - 29 AND d.date AND w.complete) = 30 AS has_month,
    (SELECT count(*) FROM activity y WHERE y.date = d.date - 1
      AND NOT EXISTS (SELECT 1 FROM activity t WHERE t.player_id = y.player_id AND t.date = d.date)) AS dormant_players,
    d.date = (SELECT min(date) FROM days)
      OR coalesce((SELECT y.complete FROM days y WHERE y.date = d.date - 1), false) AS knows_yesterday
  FROM days d
)
SELECT
  date,
  dau,
  CASE WHEN has_week THEN wau END AS wau,
  CASE WHEN has_month THEN mau END AS mau,
  CASE WHEN has_month THEN dau / mau END AS stickiness,
  new_players,
  CASE WHEN knows_yesterday THEN returning_players END AS returning_players,
  CASE WHEN knows_yesterday THEN resurrected_players END AS resurrected_players,
  CASE WHEN knows_yesterday THEN dormant_players END AS dormant_players,
  events,
  revenue::DECIMAL(18,4) AS revenue,
  ad_revenue::DECIMAL(18,4) AS ad_revenue,
  payers,
  payers / dau AS conversion_rate,
  (revenue + ad_revenue)::DOUBLE / dau AS arpdau,
  revenue::DOUBLE / dau AS arpdau_iap,
  CASE WHEN payers > 0 THEN revenue::DOUBLE / payers END AS arppu
FROM lifecycle JOIN money USING (date) JOIN windows USING (date)
ORDER BY date;
