-- The same three tables in DuckDB's SQL, in one process. RAW and OUT stand for the folders; a line `-- step NAME` begins a step.

-- step read
CREATE TABLE accepted AS
SELECT event_id, player_id, event_type, timestamp AT TIME ZONE 'UTC' AS timestamp, timestamp::DATE AS date, dt AS arrival_day, properties.*
FROM read_json(
  'RAW/dt=*/*.ndjson.gz',
  format = 'newline_delimited',
  ignore_errors = true,
  maximum_object_size = 1048576,
  hive_partitioning = true,
  hive_types = {dt: DATE},
  columns = {
    event_id: 'VARCHAR',
    player_id: 'VARCHAR',
    event_type: 'VARCHAR',
    timestamp: 'TIMESTAMP',
    properties: 'STRUCT(
      session_id VARCHAR, country VARCHAR, platform VARCHAR, source VARCHAR, app_version VARCHAR, duration_s DOUBLE, level BIGINT,
      success BOOLEAN, time_spent DOUBLE, amount DECIMAL(18,4), currency VARCHAR, product_id VARCHAR, revenue DECIMAL(18,4),
      placement VARCHAR, achievement_id VARCHAR
    )'
  }
)
WHERE event_id <> '' AND player_id <> '' AND timestamp IS NOT NULL
  AND timestamp::DATE BETWEEN dt - 7 AND dt + 1
  AND CASE event_type
    WHEN 'player_registered' THEN true
    WHEN 'session_start' THEN properties.session_id <> ''
    WHEN 'session_end' THEN properties.session_id <> '' AND coalesce(properties.duration_s, 0) >= 0
    WHEN 'level_start' THEN properties.level >= 0
    WHEN 'level_complete' THEN properties.level >= 0 AND properties.success IS NOT NULL AND coalesce(properties.time_spent, 0) >= 0
    WHEN 'purchase' THEN properties.amount >= 0
    WHEN 'ad_watched' THEN coalesce(properties.revenue, 0) >= 0
    WHEN 'achievement_unlocked' THEN properties.achievement_id <> ''
    ELSE false
  END;

-- step events_cleaned
CREATE TABLE events_cleaned AS
SELECT *, CASE WHEN event_type = 'purchase' AND coalesce(currency, 'USD') = 'USD' THEN amount END AS amount_base
FROM accepted
QUALIFY row_number() OVER (PARTITION BY date, event_id ORDER BY arrival_day, timestamp) = 1;
COPY (FROM events_cleaned ORDER BY date, player_id, timestamp, event_id)
TO 'OUT/events_cleaned' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (date));

-- step daily_metrics
CREATE TABLE cohorts AS SELECT player_id, min(date) AS cohort_date FROM events_cleaned GROUP BY player_id;
CREATE TABLE daily_metrics AS
WITH daily AS (
  SELECT
    date,
    count(DISTINCT player_id) AS dau,
    count(*) AS events,
    count(*) FILTER (event_type = 'session_start') AS session_starts,
    coalesce(sum(amount_base), 0) AS revenue,
    coalesce(sum(revenue), 0) AS ad_revenue,
    count(DISTINCT player_id) FILTER (amount_base > 0) AS payers
  FROM events_cleaned GROUP BY date
), new AS (
  SELECT cohort_date AS date, count(*) AS new_players FROM cohorts GROUP BY cohort_date
)
SELECT
  daily.*,
  coalesce(new_players, 0) AS new_players,
  payers / dau AS conversion_rate,
  (revenue + ad_revenue)::DOUBLE / dau AS arpdau,
  revenue::DOUBLE / nullif(payers, 0) AS arppu
FROM daily LEFT JOIN new USING (date);
COPY (FROM daily_metrics ORDER BY date) TO 'OUT/daily_metrics.parquet' (FORMAT parquet, COMPRESSION zstd);

-- step retention_cohorts
CREATE TABLE retention_cohorts AS
WITH sizes AS (
  SELECT cohort_date, count(*) AS cohort_size FROM cohorts GROUP BY cohort_date
), cells AS (
  SELECT cohort_date, cohort_size, day_n
  FROM sizes, range(31) days(day_n)
  WHERE cohort_date + day_n::INTEGER <= (SELECT max(date) FROM events_cleaned)
), back AS (
  SELECT cohort_date, date - cohort_date AS day_n, count(DISTINCT player_id) AS retained
  FROM events_cleaned JOIN cohorts USING (player_id) GROUP BY ALL
)
SELECT cohort_date, day_n, cohort_size, coalesce(retained, 0) AS retained, coalesce(retained, 0) / cohort_size AS rate
FROM cells LEFT JOIN back USING (cohort_date, day_n);
COPY (FROM retention_cohorts ORDER BY cohort_date, day_n) TO 'OUT/retention_cohorts.parquet' (FORMAT parquet, COMPRESSION zstd);
