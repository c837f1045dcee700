import { Group, Stack } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { LIVE_MS, useRead } from '../api/use-read.ts';
import '../health/health.css';
import { AskAgain } from '../health/ask-again.tsx';
import { AttentionCard } from '../health/attention-card.tsx';
import { CalendarCard } from '../health/calendar-card.tsx';
import { ChecksCard } from '../health/checks-card.tsx';
import { NoTemporal } from '../health/no-temporal.tsx';
import { ReasonsCard } from '../health/reasons-card.tsx';
import { RestatementsCard } from '../health/restatements-card.tsx';
import { RunsCard } from '../health/runs-card.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { useScope } from '../scope/use-scope.ts';
import { Page } from '../shell/page.tsx';
import { Backfill } from '../writes/backfill.tsx';
import { RunDay } from '../writes/run-day.tsx';
import { WhyNot } from '../writes/why-not.tsx';

/** Can this number be trusted. */
export function HealthPage() {
  const resolved = useScope();
  const scope = resolved?.scope ?? null;
  const asked = scope === null ? null : { from: scope.from, to: scope.to };
  const answer = useRead('health', asked, {}, LIVE_MS);
  return (
    <Page
      title="Data health"
      question="Can I trust this number?"
      filters={
        <Stack gap="sm">
          <ScopeBar canFilter={false} />
          {asked === null ? null : (
            <Group gap="xs">
              <RunDay label="Run a day" day={asked.to} />
              <Backfill {...asked} />
              <AskAgain again={answer.refetch} />
              <WhyNot />
            </Group>
          )}
        </Stack>
      }
      isLive
      {...{ resolved, answer }}
    >
      {(data) => <HealthCards data={data} />}
    </Page>
  );
}

function HealthCards({ data }: { readonly data: Answer<'health'> }) {
  const { temporal, days, unsettled, checks, reasons, restatements, restatedValues } = data;
  return (
    <>
      {temporal ? null : <NoTemporal />}
      <AttentionCard days={days} />
      <CalendarCard {...{ days, unsettled }} />
      <RunsCard {...{ days, unsettled }} />
      <ChecksCard checks={checks} />
      <ReasonsCard reasons={reasons} />
      <RestatementsCard restatements={restatements} total={restatedValues} />
    </>
  );
}
