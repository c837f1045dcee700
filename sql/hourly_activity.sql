-- Each day's 24 hours, UTC; weekday is ISO, Monday 1 to Sunday 7. An hour without events has zeros.
-- players: distinct in the hour, so hours do not add up to the day. revenue: purchases in the base currency.
WITH days AS (
  SELECT DISTINCT date FROM events_cleaned
), hours AS (
  SELECT date, unnest(range(24)) AS hour FROM days
)
SELECT
  date, isodow(date)::TINYINT AS weekday, hour::TINYINT AS hour,
  count(event_id) AS events,
  count(DISTINCT player_id) AS players,
  count(*) FILTER (event_type = 'purchase') AS purchases,
  coalesce(sum(amount_base), 0)::DECIMAL(18,4) AS revenue,
  count(*) FILTER (event_type = 'ad_watched') AS ads_watched,
  coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DECIMAL(18,4) AS ad_revenue
FROM hours LEFT JOIN events_cleaned USING (date, hour)
GROUP BY date, hour
ORDER BY date, hour;
