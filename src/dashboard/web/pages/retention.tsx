import { Group, MultiSelect, SegmentedControl, Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { useRead } from '../api/use-read.ts';
import { PlotCard } from '../charts/plot-card.tsx';
import { agesByCohort } from '../cohorts/ages-by-cohort.ts';
import { cohortCurves } from '../cohorts/cohort-curves.ts';
import { CohortTable } from '../cohorts/cohort-table.tsx';
import { formatShortDay } from '../format/locale.ts';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { useScope, useSearchState } from '../scope/use-scope.ts';
import { Page } from '../shell/page.tsx';

type Kind = Answer<'retention'>['kind'];

const kinds: Readonly<Record<Kind, { readonly label: string; readonly about: string }>> = {
  classic: { label: 'Classic', about: 'active on exactly day N' },
  rolling: { label: 'Rolling', about: 'active on day N or any day after it' },
  bracket: { label: 'Bracket', about: 'active at least once in a span of days' },
};
const MOST_CURVES = 5;

/** Are newer players staying better. */
export function RetentionPage() {
  const resolved = useScope();
  const [search] = useSearchState();
  const kind = search.kind;
  const { compare: _, ...scope } = resolved?.scope ?? { from: '', to: '' };
  const query =
    resolved?.scope == null ? null : { ...scope, ...(kind === undefined ? {} : { kind: kind as Kind }) };
  const answer = useRead('retention', query);
  return (
    <Page
      title="Retention"
      question="Are newer players staying better? The range is of the days on which players were acquired."
      filters={
        <>
          <ScopeBar />
          <KindPicker />
        </>
      }
      {...{ resolved, answer }}
    >
      {(data) => <RetentionCards data={data} />}
    </Page>
  );
}

function KindPicker() {
  const [search, change] = useSearchState();
  const kind = search.kind !== undefined && search.kind in kinds ? (search.kind as Kind) : 'classic';
  return (
    <Group gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="Kind of retention"
        data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
        value={kind}
        onChange={(value) => change({ kind: value === 'classic' ? undefined : value })}
      />
      <Text size="sm" c="dimmed">
        {kinds[kind].label}: {kinds[kind].about}.
      </Text>
    </Group>
  );
}

function RetentionCards({ data }: { readonly data: Answer<'retention'> }) {
  const { kind, cohorts } = data;
  const [search, change] = useSearchState();
  const picked = search.cohorts?.split(',') ?? [];
  const curves = cohortCurves(data, picked);
  const ages = agesByCohort(data);
  return (
    <>
      <CohortTable data={data} about={kinds[kind].about} />
      <PlotCard
        title="Curves"
        about={`Share of a cohort that is ${kinds[kind].about}: all cohorts of the range together, and those that you pick.`}
        metrics={['retained', 'rate']}
        file={`retention-curves-${kind}`}
        axis={{ label: 'Days after acquisition', kind: 'text' }}
        {...curves}
        shape="lines"
        kind="rate"
        empty="No cohort of these days is old enough."
        controls={
          <MultiSelect
            label="Cohorts"
            placeholder={picked.length === 0 ? 'Pick cohorts to compare' : ''}
            data={cohorts.map(({ cohort_date }) => ({
              value: cohort_date,
              label: formatShortDay(cohort_date),
            }))}
            value={picked}
            onChange={(days) => change({ cohorts: days.length === 0 ? undefined : days.join(',') })}
            maxValues={MOST_CURVES}
            searchable
            clearable
            hidePickedOptions
            clearButtonProps={{ 'aria-label': 'Clear cohorts' }}
            maw={420}
          />
        }
      />
      <PlotCard
        title={`${ages.series.map(({ label }) => label).join(', ')} by cohort`}
        about="How many of the players acquired on a day came back; a cohort that is too young has no point."
        metrics={['rate']}
        file={`retention-by-cohort-${kind}`}
        axis={{ label: 'Acquired', kind: 'day' }}
        {...ages}
        shape="lines"
        kind="rate"
        empty="No cohort of these days is old enough."
      />
    </>
  );
}
