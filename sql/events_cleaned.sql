-- Every accepted event once, on the UTC day of its timestamp. Rows that share an id on a day are duplicates: the one that arrived first stays,
-- of these the earliest, of these the one whose fields come first in order. A purchase without a currency is in the base currency, here
-- USD, and no other currency has a rate: amount_base is null there.
WITH ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY event_day, event_id
    ORDER BY arrival_day, timestamp, player_id, event_type, session_id NULLS FIRST, country NULLS FIRST, platform NULLS FIRST,
      source NULLS FIRST, app_version NULLS FIRST, duration_s NULLS FIRST, level NULLS FIRST, success NULLS FIRST,
      time_spent NULLS FIRST, amount NULLS FIRST, currency NULLS FIRST, product_id NULLS FIRST, revenue NULLS FIRST,
      placement NULLS FIRST, achievement_id NULLS FIRST
  ) AS place
  FROM accepted_rows
)
SELECT
  event_id, player_id, event_type,
  timestamp AT TIME ZONE 'UTC' AS timestamp,
  event_day AS date,
  extract(hour FROM timestamp)::TINYINT AS hour,
  extract(isodow FROM timestamp)::TINYINT AS weekday,
  arrival_day,
  session_id, country, platform, source, app_version, duration_s, level, success, time_spent, amount,
  CASE WHEN event_type = 'purchase' THEN coalesce(currency, 'USD') END AS currency,
  product_id, revenue, placement, achievement_id,
  CASE WHEN event_type = 'purchase' AND coalesce(currency, 'USD') = 'USD' THEN amount END AS amount_base
FROM ranked
WHERE place = 1
ORDER BY date, player_id, timestamp, event_id;
