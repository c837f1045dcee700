import { Alert, Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import type { DataColumn } from '../cards/data-table.tsx';
import { TableCard } from '../cards/table-card.tsx';
import { useCurrency } from '../cards/use-currency.ts';

const columns: readonly DataColumn[] = [
  { key: 'currency', label: 'Currency', kind: 'text' },
  { key: 'purchases', label: 'Purchases', kind: 'count' },
  { key: 'amount', label: 'Amount in that currency', kind: 'decimal' },
];

/** Warns of purchases that no revenue contains, where there are any. */
export function Unconverted({ purchases }: { readonly purchases: Answer<'revenue'>['unconverted'] }) {
  const base = useCurrency();
  if (purchases.length === 0) return null;
  return (
    <>
      <Alert color="orange" variant="light" title="Some purchases are in no revenue">
        <Text size="sm">
          Their currencies have no rate to {base}. Give them one in pipeline.currencyRates, and run these days
          again.
        </Text>
      </Alert>
      <TableCard
        title="Purchases without a rate"
        about="Their players count as payers, their amounts nowhere else than here."
        file="purchases-without-a-rate"
        columns={columns}
        rows={purchases}
        empty="There are none."
      />
    </>
  );
}
