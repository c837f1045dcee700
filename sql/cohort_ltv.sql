-- Observed LTV: what the players acquired on a day have brought in by age N, IAP and ads, a player of the cohort.
-- Paid share: those who have bought for more than 0 by age N. Known when the cohort day and day cohort + N are complete, else null.
-- gaps_before: incomplete days before cohort + N, whose revenue may be missing.
WITH days AS (
  SELECT date, complete FROM daily_metrics
), cohorts AS (
  SELECT acquisition_date AS cohort_date, count(*) AS cohort_size FROM players GROUP BY 1
), ages AS (
  SELECT
    cohort_date,
    cohort_size,
    unnest(range(0, date_diff('day', cohort_date, (SELECT max(date) FROM days)) + 1)) AS day_n
  FROM cohorts
), cells AS (
  SELECT
    *,
    coalesce((SELECT complete FROM days WHERE date = cohort_date), false)
      AND coalesce((SELECT complete FROM days WHERE date = cohort_date + day_n::INTEGER), false) AS mature,
    (SELECT count(*) FROM days WHERE NOT complete AND date < cohort_date + day_n::INTEGER) AS gaps_before
  FROM ages
), earned AS (
  SELECT
    e.player_id,
    p.acquisition_date AS cohort_date,
    date_diff('day', p.acquisition_date, e.date) AS age,
    e.amount_base,
    CASE WHEN e.event_type = 'ad_watched' THEN e.revenue END AS ad_revenue,
    e.event_type = 'purchase' AND e.amount > 0 AS has_paid
  FROM events_cleaned e JOIN players p USING (player_id)
), summed AS (
  SELECT
    c.cohort_date,
    day_n,
    coalesce(sum(amount_base), 0) AS revenue,
    coalesce(sum(ad_revenue), 0) AS ad_revenue,
    count(DISTINCT player_id) FILTER (has_paid) AS payers
  FROM cells c LEFT JOIN earned e ON e.cohort_date = c.cohort_date AND age <= day_n
  GROUP BY ALL
)
SELECT
  cohort_date,
  day_n,
  cohort_size,
  CASE WHEN mature THEN revenue END::DECIMAL(18,4) AS revenue,
  CASE WHEN mature THEN ad_revenue END::DECIMAL(18,4) AS ad_revenue,
  CASE WHEN mature THEN (revenue + ad_revenue)::DOUBLE / cohort_size END AS ltv,
  CASE WHEN mature THEN revenue::DOUBLE / cohort_size END AS ltv_iap,
  CASE WHEN mature THEN payers END AS payers,
  CASE WHEN mature THEN payers / cohort_size END AS paid_share,
  mature,
  CASE WHEN mature THEN gaps_before END AS gaps_before
FROM cells JOIN summed USING (cohort_date, day_n)
ORDER BY cohort_date, day_n;
