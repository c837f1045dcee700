import { SimpleGrid } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { useRead } from '../api/use-read.ts';
import { KpiRow } from '../cards/kpi-row.tsx';
import { daysBefore, pointsOfDays, withBefore } from '../charts/day-points.ts';
import { eventTypePlot } from '../charts/event-types.ts';
import { PlotCard } from '../charts/plot-card.tsx';
import { pointsOfAges, retentionSeries } from '../charts/retention-points.ts';
import { seriesOf } from '../charts/series-of.ts';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { useScope } from '../scope/use-scope.ts';
import { Page } from '../shell/page.tsx';

/** Is the game healthy, what changed. */
export function OverviewPage() {
  const resolved = useScope();
  const answer = useRead('overview', resolved?.scope ?? null);
  return (
    <Page
      title="Overview"
      question="Is the game healthy, and what changed?"
      filters={<ScopeBar canCompare />}
      {...{ resolved, answer }}
    >
      {(data) => <OverviewCards data={data} range={resolved?.scope ?? null} />}
    </Page>
  );
}

interface OverviewCardsProps {
  readonly data: Answer<'overview'>;
  readonly range: { readonly from: string; readonly to: string } | null;
}

function OverviewCards({ data, range }: OverviewCardsProps) {
  const { kpis, daily, eventTypes, retention } = data;
  const before = daysBefore(data, range);
  return (
    <>
      <KpiRow kpis={kpis} />
      <PlotCard
        title="Daily active users"
        about="Distinct players with at least one event, a day."
        metrics={['dau']}
        file="dau"
        points={pointsOfDays(daily, ['dau'], before)}
        series={withBefore(seriesOf(['dau']), before)}
        shape="lines"
        kind="count"
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <PlotCard
          title="New against returning players"
          about="Who makes up a day’s active players."
          metrics={['new_players', 'returning_players', 'resurrected_players']}
          file="new-and-returning"
          points={pointsOfDays(daily, ['new_players', 'returning_players', 'resurrected_players'])}
          series={seriesOf(['new_players', 'returning_players', 'resurrected_players'])}
          shape="stacked"
          kind="count"
        />
        <PlotCard
          title="Revenue a day"
          about="In-app purchases and ads, in the base currency."
          metrics={['revenue', 'ad_revenue']}
          file="revenue"
          points={pointsOfDays(daily, ['revenue', 'ad_revenue'])}
          series={seriesOf(['revenue', 'ad_revenue'])}
          shape="stacked"
          kind="money"
        />
        <PlotCard
          title="Events by type"
          about="Accepted events a day, each once; rarer types together."
          metrics={['events']}
          file="events-by-type"
          {...eventTypePlot(daily, eventTypes)}
          shape="stacked"
          kind="count"
        />
        <PlotCard
          title="Retention"
          about="Share of new players of the range who come back on day N, over the cohorts that are old enough."
          metrics={['retained', 'rate']}
          file="retention"
          axis={{ label: 'Days after acquisition', kind: 'text' }}
          points={pointsOfAges(retention)}
          series={retentionSeries}
          shape="lines"
          kind="rate"
          empty="No cohort of these days is old enough."
        />
      </SimpleGrid>
    </>
  );
}
