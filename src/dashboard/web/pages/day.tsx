import { SimpleGrid } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type Day, isDay } from '../../../domain/day.ts';
import type { Answer } from '../../api/routes.ts';
import { LIVE_MS, useRead } from '../api/use-read.ts';
import { DayBar } from '../day/day-bar.tsx';
import { DayChecksCard } from '../day/day-checks-card.tsx';
import { DayMetricsCard } from '../day/day-metrics-card.tsx';
import { EventDayCard } from '../day/event-day-card.tsx';
import { HoldCard } from '../day/hold-card.tsx';
import { LedgerCard } from '../day/ledger-card.tsx';
import { LinesCard } from '../day/lines-card.tsx';
import { MadeFromCard } from '../day/made-from-card.tsx';
import { formatDay, formatWeekday } from '../format/locale.ts';
import '../health/health.css';
import { RestatementsCard } from '../health/restatements-card.tsx';
import { NoPage } from '../shell/no-page.tsx';
import { Page } from '../shell/page.tsx';

const route = getRouteApi('/days/$day');

/** Everything that is known of one day. */
export function DayPage() {
  const { day } = route.useParams();
  return isDay(day) ? <KnownDay key={day} day={day} /> : <NoPage />;
}

function KnownDay({ day }: { readonly day: Day }) {
  const answer = useRead('day', {}, { day }, LIVE_MS);
  const data = answer.isPlaceholderData ? undefined : answer.data;
  return (
    <Page
      title={`${formatWeekday(day)}, ${formatDay(day)}`}
      question="What is known of this day, and what made its numbers?"
      filters={<DayBar day={day} data={data} again={answer.refetch} />}
      resolved={{ scope: { from: day, to: day }, problem: null }}
      answer={answer}
      isLive
    >
      {(shown) => <DayCards day={day} data={shown} />}
    </Page>
  );
}

function DayCards({ day, data }: { readonly day: Day; readonly data: Answer<'day'> }) {
  const { hold, metrics, dayBefore, ledger, eventDay, checks, restatements, quarantine } = data;
  return (
    <>
      {hold === null ? null : <HoldCard day={day} hold={hold} />}
      <DayMetricsCard day={metrics} before={dayBefore} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <LedgerCard ledger={ledger} />
        <EventDayCard eventDay={eventDay} />
      </SimpleGrid>
      <DayChecksCard checks={checks} />
      <LinesCard day={day} groups={quarantine} />
      <MadeFromCard day={day} data={data} />
      <RestatementsCard restatements={restatements} />
    </>
  );
}
