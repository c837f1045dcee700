import { SimpleGrid } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { useRead } from '../api/use-read.ts';
import { KpiRow } from '../cards/kpi-row.tsx';
import { daysBefore, pointsOfDays, withBefore } from '../charts/day-points.ts';
import { PlotCard } from '../charts/plot-card.tsx';
import { seriesOf } from '../charts/series-of.ts';
import { Concentration } from '../payers/concentration.tsx';
import { pointsOfLtv } from '../payers/ltv-points.ts';
import { newPayersOf } from '../payers/new-payers-of.ts';
import { Unconverted } from '../payers/unconverted.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { useScope } from '../scope/use-scope.ts';
import { Page } from '../shell/page.tsx';

const both = ['revenue', 'ad_revenue'] as const;

/** Who pays. */
export function RevenuePage() {
  const resolved = useScope();
  const answer = useRead('revenue', resolved?.scope ?? null);
  return (
    <Page
      title="Revenue"
      question="Who pays, how much, and how soon?"
      filters={<ScopeBar canCompare />}
      {...{ resolved, answer }}
    >
      {(data) => (
        <>
          <KpiRow kpis={data.kpis} />
          <Unconverted purchases={data.unconverted} />
          <PlotCard
            title="Revenue a day"
            about="In-app purchases and ads, in the base currency."
            metrics={both}
            file="revenue"
            points={pointsOfDays(data.daily, both)}
            series={seriesOf(both)}
            shape="stacked"
            kind="money"
          />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            <DailyCards data={data} range={resolved?.scope ?? null} />
            <Concentration rows={data.concentration} />
            <CohortCards ltv={data.ltv} />
          </SimpleGrid>
        </>
      )}
    </Page>
  );
}

interface DailyCardsProps {
  readonly data: Answer<'revenue'>;
  readonly range: { readonly from: string; readonly to: string } | null;
}

/** Metrics of which a day has one number each, with the words for their cards. */
const lines = [
  {
    metric: 'arpdau',
    title: 'ARPDAU by day',
    about: 'Revenue of a day, purchases and ads, for each player active on it.',
    kind: 'money',
  },
  {
    metric: 'arppu',
    title: 'ARPPU by day',
    about: 'Purchases of a day for each player who paid on it.',
    kind: 'money',
  },
  {
    metric: 'conversion_rate',
    title: 'Payer rate by day',
    about: 'Share of a day’s active players who paid on it.',
    kind: 'rate',
  },
  { metric: 'payers', title: 'Payers a day', about: 'Players who paid on the day.', kind: 'count' },
] as const;

function DailyCards({ data, range }: DailyCardsProps) {
  const { daily } = data;
  const before = daysBefore(data, range);
  return (
    <>
      {lines.map(({ metric, ...card }) => (
        <PlotCard
          key={metric}
          {...card}
          metrics={[metric]}
          file={metric.replaceAll('_', '-')}
          points={pointsOfDays(daily, [metric], before)}
          series={withBefore(seriesOf([metric]), before)}
          shape="lines"
        />
      ))}
      <PlotCard
        title="New payers a day"
        about="Players whose first purchase was on the day."
        metrics={['new_payers']}
        file="new-payers"
        points={pointsOfDays(daily, [newPayersOf(data.newPayers)])}
        series={seriesOf(['new_payers'])}
        shape="bars"
        kind="count"
      />
    </>
  );
}

const ages = { label: 'Days after acquisition', kind: 'text' } as const;
const noCohort = 'No cohort of these days is old enough.';

function CohortCards({ ltv }: { readonly ltv: Answer<'revenue'>['ltv'] }) {
  return (
    <>
      <PlotCard
        title="Lifetime value"
        about="What a player acquired in the range has brought in by day N, over the cohorts that are old enough."
        metrics={['ltv', 'ltv_iap']}
        file="ltv"
        axis={ages}
        points={pointsOfLtv(ltv, ['ltv', 'ltv_iap'])}
        series={seriesOf(['ltv', 'ltv_iap'])}
        shape="lines"
        kind="money"
        empty={noCohort}
      />
      <PlotCard
        title="Share who ever paid"
        about="Players acquired in the range who have paid by day N, over the cohorts that are old enough."
        metrics={['paid_share']}
        file="paid-share"
        axis={ages}
        points={pointsOfLtv(ltv, ['paid_share'])}
        series={seriesOf(['paid_share'])}
        shape="lines"
        kind="rate"
        empty={noCohort}
      />
    </>
  );
}
