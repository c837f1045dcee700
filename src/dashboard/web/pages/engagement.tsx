import { SimpleGrid } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { useRead } from '../api/use-read.ts';
import { KpiRow } from '../cards/kpi-row.tsx';
import { type DayValue, daysBefore, pointsOfDays, withBefore } from '../charts/day-points.ts';
import { PlotCard } from '../charts/plot-card.tsx';
import { seriesOf } from '../charts/series-of.ts';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { useScope } from '../scope/use-scope.ts';
import { Adoption } from '../sessions/adoption.tsx';
import { Hours } from '../sessions/hours.tsx';
import { SessionLengths } from '../sessions/session-lengths.tsx';
import { Page } from '../shell/page.tsx';

/** How people play. */
export function EngagementPage() {
  const resolved = useScope();
  const answer = useRead('engagement', resolved?.scope ?? null);
  return (
    <Page
      title="Engagement"
      question="How often do people play, for how long, and when?"
      filters={<ScopeBar canCompare />}
      {...{ resolved, answer }}
    >
      {(data) => (
        <>
          <KpiRow kpis={data.kpis} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            <DailyCards data={data} range={resolved?.scope ?? null} />
            <SessionLengths lengths={data.sessionLengths} />
          </SimpleGrid>
          <Hours hours={data.hours} />
          <Adoption rows={data.adoption} />
        </>
      )}
    </Page>
  );
}

interface DailyCardsProps {
  readonly data: Answer<'engagement'>;
  readonly range: { readonly from: string; readonly to: string } | null;
}

const sessionsPerPlayer: DayValue = {
  key: 'sessions_per_player',
  valueOf: ({ sessions, dau }) => (sessions === null || dau === null || dau === 0 ? null : sessions / dau),
};

/** Lines of a day's numbers that are compared with the days before, with the words for their cards. */
const lines: readonly {
  readonly metric: string;
  readonly value: DayValue;
  readonly title: string;
  readonly about: string;
  readonly kind: 'rate' | 'decimal';
}[] = [
  {
    metric: 'stickiness',
    value: 'stickiness',
    title: 'Stickiness by day',
    about: 'Share of the players of 30 days who play on a day: DAU / MAU.',
    kind: 'rate',
  },
  {
    metric: 'sessions_per_player',
    value: sessionsPerPlayer,
    title: 'Sessions a player by day',
    about: 'Sessions that began on a day, for each player active on it.',
    kind: 'decimal',
  },
  {
    metric: 'events_per_session',
    value: 'events_per_session',
    title: 'Events a session by day',
    about: 'How much happens in a session.',
    kind: 'decimal',
  },
];

const actives = ['dau', 'wau', 'mau'] as const;
const lengths = ['session_length_p50', 'session_length_p90'] as const;

function DailyCards({ data, range }: DailyCardsProps) {
  const { daily } = data;
  const before = daysBefore(data, range);
  return (
    <>
      <PlotCard
        title="DAU, WAU and MAU"
        about="Players active on a day, in the 7 and in the 30 days up to it; not known before there are as many days."
        metrics={actives}
        file="active-players"
        points={pointsOfDays(daily, actives)}
        series={seriesOf(actives)}
        shape="lines"
        kind="count"
      />
      {lines.map(({ metric, value, ...card }) => (
        <PlotCard
          key={metric}
          {...card}
          metrics={[metric]}
          file={metric.replaceAll('_', '-')}
          points={pointsOfDays(daily, [value], before)}
          series={withBefore(seriesOf([metric]), before)}
          shape="lines"
        />
      ))}
      <PlotCard
        title="Session length by day"
        about="Half of a day’s sessions are shorter than the median, nine in ten shorter than p90."
        metrics={lengths}
        file="session-length"
        points={pointsOfDays(daily, lengths)}
        series={seriesOf(lengths)}
        shape="lines"
        kind="seconds"
      />
    </>
  );
}
