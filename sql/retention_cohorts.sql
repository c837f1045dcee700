-- Retention: of the players acquired on a day, the share that came back. Each cell looks at some days after the cohort's:
-- classic at day N alone, rolling at day N and all later ones up to the last complete day, bracket at days M to N.
-- A cell is mature when the cohort's day and all days it looks at are complete; before that nothing is known of it, so it is null and not 0.
WITH days AS (
  SELECT date FROM daily_metrics WHERE complete
), activity AS (
  SELECT DISTINCT e.player_id, e.date, p.acquisition_date
  FROM events_cleaned e JOIN players p USING (player_id)
), cohorts AS (
  SELECT acquisition_date AS cohort_date, count(*) AS cohort_size FROM players GROUP BY 1
), horizon AS (
  SELECT (SELECT max(date) FROM daily_metrics) AS last_day, (SELECT max(date) FROM days) AS last_complete_day
), ages AS (
  SELECT cohort_date, unnest(range(0, greatest(30, date_diff('day', cohort_date, last_day)) + 1)) AS n FROM cohorts, horizon
), cells AS (
  SELECT cohort_date, n AS day_n, 'classic' AS kind, n AS day_from, cohort_date + n::INTEGER AS observed_to FROM ages
  UNION ALL
  SELECT cohort_date, n, 'rolling', n, last_complete_day FROM ages, horizon
  UNION ALL
  SELECT cohort_date, n, 'bracket', m, cohort_date + n FROM cohorts, (VALUES (1, 3), (4, 7), (8, 14), (15, 30)) brackets(m, n)
), windows AS (
  SELECT *, cohort_date + day_from::INTEGER AS observed_from, observed_to - observed_from + 1 AS length FROM cells
), counted AS (
  SELECT
    w.*,
    cohort_date IN (FROM days)
      AND length > 0
      AND length = (SELECT count(*) FROM days WHERE date BETWEEN w.observed_from AND w.observed_to) AS mature,
    (SELECT count(DISTINCT player_id) FROM activity a
      WHERE a.acquisition_date = w.cohort_date AND a.date BETWEEN w.observed_from AND w.observed_to) AS back
  FROM windows w
)
SELECT
  cohort_date,
  day_n,
  kind,
  day_from,
  cohort_size,
  CASE WHEN mature THEN back END AS retained,
  CASE WHEN mature THEN back / cohort_size END AS rate,
  coalesce(mature, false) AS mature,
  observed_to
FROM counted JOIN cohorts USING (cohort_date)
ORDER BY cohort_date, kind, day_n, day_from;
