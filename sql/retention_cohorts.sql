-- Classic retention: of the players acquired on a day, the share active on exactly the day N days later.
-- A cell is mature when both days are complete; before that nothing is known of it, so it is null and not 0.
WITH days AS (
  SELECT date FROM daily_metrics WHERE complete
), activity AS (
  SELECT DISTINCT e.player_id, e.date, p.acquisition_date
  FROM events_cleaned e JOIN players p USING (player_id)
), cohorts AS (
  SELECT acquisition_date AS cohort_date, count(DISTINCT player_id) AS cohort_size FROM activity GROUP BY 1
), cells AS (
  SELECT cohort_date, cohort_size, day_n, cohort_date + day_n::INTEGER AS target_date
  FROM cohorts, (SELECT unnest(range(0, 31)) AS day_n)
), counted AS (
  SELECT c.*,
    cohort_date IN (FROM days) AND target_date IN (FROM days) AS mature,
    (SELECT count(*) FROM activity a WHERE a.acquisition_date = c.cohort_date AND a.date = c.target_date) AS back
  FROM cells c
)
SELECT
  cohort_date, day_n, 'classic' AS kind, cohort_size,
  CASE WHEN mature THEN back END AS retained,
  CASE WHEN mature THEN back / cohort_size END AS rate,
  mature
FROM counted
ORDER BY cohort_date, day_n;
