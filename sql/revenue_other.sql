-- Purchases in currencies without a rate into the base currency, which revenue leaves out, each in its own currency.
-- payers: distinct players who paid more than 0 in it.
SELECT
  date,
  currency,
  count(*) AS purchases,
  count(DISTINCT player_id) FILTER (amount > 0) AS payers,
  sum(amount)::DECIMAL(18,4) AS amount
FROM events_cleaned
WHERE event_type = 'purchase' AND amount_base IS NULL
GROUP BY date, currency
ORDER BY date, currency;
