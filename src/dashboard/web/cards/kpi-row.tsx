import { SimpleGrid } from '@mantine/core';
import type { Kpi } from '../../api/daily.ts';
import { compares } from '../scope/resolve-scope.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { KpiCard } from './kpi-card.tsx';

/** What the number of each metric is of; what is not listed is of the whole range. */
const ways: Readonly<Record<string, string>> = {
  dau: 'mean a day',
  sessions_per_player: 'a day of play, mean',
  arpdau: 'all days together',
  wau: '7 days to',
  mau: '30 days to',
  stickiness: 'on',
  session_length_p50: 'on',
  session_length_p90: 'on',
  retention_d1: 'players of',
  retention_d7: 'players of',
  retention_d30: 'players of',
};

/** The numbers of a page side by side. */
export function KpiRow({ kpis }: { readonly kpis: readonly Kpi[] }) {
  const [search] = useSearchState();
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, md: 4, xl: 7 }} spacing="sm">
      {kpis.map((kpi) => (
        <KpiCard
          key={kpi.metric}
          kpi={kpi}
          how={ways[kpi.metric] ?? 'of the range'}
          compared={compares(search)}
        />
      ))}
    </SimpleGrid>
  );
}
