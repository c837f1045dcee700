-- One row a day, each metric straight from the events, the sessions and the players' acquisition dates.
-- DAU, WAU, MAU: distinct players on the day, in the trailing 7 and 30 days; null unless each of these days is complete.
-- New: acquired that day. Returning: not new, active the day before. Resurrected: the rest of the active.
-- Dormant: active the day before, not today. ARPDAU: IAP and ad revenue by DAU. ARPPU: IAP revenue by payers.
-- ARPU (total): all IAP revenue so far by all players seen so far.
-- Retention: of the players acquired on the day, the share active exactly N days later; null unless both days are complete.
-- A day without events has zeros when it is complete; when it is not, nothing is known of it.
WITH days AS (
  SELECT date, complete, settled, gaps_before FROM daily_metrics
), activity AS (
  SELECT DISTINCT date, player_id FROM events_cleaned
), money AS (
  SELECT
    date,
    count(*) AS events,
    coalesce(sum(amount_base), 0) AS revenue,
    coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0) AS ad_revenue,
    count(DISTINCT player_id) FILTER (event_type = 'purchase' AND amount > 0) AS payers
  FROM events_cleaned GROUP BY date
), length AS (
  SELECT
    date,
    count(*) AS sessions,
    round_even(avg(length), 0) / 1e6 AS session_length_mean,
    round_even(quantile_cont(length, 0.5), 0) / 1e6 AS session_length_p50,
    round_even(quantile_cont(length, 0.9), 0) / 1e6 AS session_length_p90,
    avg(events) AS events_per_session
  FROM (SELECT *, date_sub('microsecond', started_at, ended_at) AS length FROM sessions) GROUP BY date
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
      OR coalesce((SELECT y.complete FROM days y WHERE y.date = d.date - 1), false) AS knows_yesterday,
    (SELECT count(DISTINCT player_id) FROM activity WHERE date <= d.date) AS players_ever,
    (SELECT sum(revenue) FROM money WHERE date <= d.date) AS revenue_ever
  FROM days d
), cohorts AS (
  SELECT
    d.date,
    count(DISTINCT p.player_id) AS cohort_size,
    count(DISTINCT p.player_id) FILTER (a.date = d.date + 1) AS back_d1,
    count(DISTINCT p.player_id) FILTER (a.date = d.date + 7) AS back_d7,
    count(DISTINCT p.player_id) FILTER (a.date = d.date + 30) AS back_d30
  FROM days d JOIN players p ON p.acquisition_date = d.date LEFT JOIN activity a USING (player_id)
  WHERE d.complete
  GROUP BY d.date
), known AS (
  SELECT
    d.*, w.* EXCLUDE (date), l.* EXCLUDE (date), m.* EXCLUDE (date), s.* EXCLUDE (date), c.* EXCLUDE (date),
    d.complete OR l.dau IS NOT NULL AS is_known
  FROM days d
  JOIN windows w USING (date)
  LEFT JOIN lifecycle l USING (date)
  LEFT JOIN money m USING (date)
  LEFT JOIN length s USING (date)
  LEFT JOIN cohorts c USING (date)
)
SELECT
  date,
  CASE WHEN is_known THEN coalesce(dau, 0) END AS dau,
  CASE WHEN has_week THEN wau END AS wau,
  CASE WHEN has_month THEN mau END AS mau,
  CASE WHEN has_month AND mau > 0 THEN coalesce(dau, 0) / mau END AS stickiness,
  CASE WHEN is_known THEN coalesce(new_players, 0) END AS new_players,
  CASE WHEN is_known AND knows_yesterday THEN coalesce(returning_players, 0) END AS returning_players,
  CASE WHEN is_known AND knows_yesterday THEN coalesce(resurrected_players, 0) END AS resurrected_players,
  CASE WHEN is_known AND knows_yesterday THEN dormant_players END AS dormant_players,
  CASE WHEN is_known THEN coalesce(events, 0) END AS events,
  CASE WHEN is_known THEN coalesce(sessions, 0) END AS sessions,
  session_length_mean,
  session_length_p50,
  session_length_p90,
  events_per_session,
  CASE WHEN is_known THEN coalesce(revenue, 0) END::DECIMAL(18,4) AS revenue,
  CASE WHEN is_known THEN coalesce(ad_revenue, 0) END::DECIMAL(18,4) AS ad_revenue,
  CASE WHEN is_known THEN coalesce(payers, 0) END AS payers,
  CASE WHEN dau > 0 THEN payers / dau END AS conversion_rate,
  CASE WHEN dau > 0 THEN (revenue + ad_revenue)::DOUBLE / dau END AS arpdau,
  CASE WHEN dau > 0 THEN revenue::DOUBLE / dau END AS arpdau_iap,
  CASE WHEN payers > 0 THEN revenue::DOUBLE / payers END AS arppu,
  CASE WHEN players_ever > 0 THEN revenue_ever::DOUBLE / players_ever END AS arpu_total,
  CASE WHEN date + 1 IN (SELECT date FROM days WHERE complete) THEN back_d1 / cohort_size END AS retention_d1,
  CASE WHEN date + 7 IN (SELECT date FROM days WHERE complete) THEN back_d7 / cohort_size END AS retention_d7,
  CASE WHEN date + 30 IN (SELECT date FROM days WHERE complete) THEN back_d30 / cohort_size END AS retention_d30,
  complete,
  settled,
  gaps_before
FROM known
ORDER BY date;
