import { Alert, Button, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { Meta } from '../../api/meta.ts';
import { RequestError } from '../api/request.ts';
import { showNewest, useShown, useStatus } from '../api/use-read.ts';
import { formatDay } from '../format/locale.ts';
import type { ResolvedScope } from '../scope/resolve-scope.ts';
import { useSearchState } from '../scope/use-scope.ts';

/** A page over one answer: its heading, and the answer, or why there is none yet, none at all, or only a part. */
export function Page<A extends { readonly meta: Meta }>({
  title,
  question,
  resolved,
  answer,
  filters,
  isLive = false,
  children,
}: PageProps<A>) {
  useSnapshotOf(answer);
  return (
    <Stack gap="md">
      <div>
        <Title order={1}>{title}</Title>
        <Text c="dimmed">{question}</Text>
      </div>
      {filters}
      <PageBody resolved={resolved} answer={answer} isLive={isLive}>
        {children}
      </PageBody>
    </Stack>
  );
}

/** What a page is made of. */
export interface PageProps<A extends { readonly meta: Meta }> {
  readonly title: string;
  /** What the page answers. */
  readonly question: string;
  readonly resolved: ResolvedScope | null;
  readonly answer: UseQueryResult<A>;
  readonly filters?: ReactNode;
  /** Whether the page itself tells how each day stands. */
  readonly isLive?: boolean;
  readonly children: (answer: A) => ReactNode;
}

/** When an answer is of another snapshot than the page goes by, the page goes by the newest. */
function useSnapshotOf({
  data,
  isFetching,
  isPlaceholderData,
}: UseQueryResult<{ readonly meta: Meta }>): void {
  const shown = useShown();
  const isOther =
    data !== undefined && shown.data !== undefined && data.meta.snapshot !== shown.data.snapshot;
  const isSettled = !isFetching && !isPlaceholderData && !shown.isFetching;
  useEffect(() => {
    if (isOther && isSettled) void showNewest();
  }, [isOther, isSettled]);
}

function PageBody<A extends { readonly meta: Meta }>({
  resolved,
  answer,
  isLive,
  children,
}: Pick<PageProps<A>, 'resolved' | 'answer' | 'isLive' | 'children'>) {
  const shown = useShown();
  const { data, error, isPlaceholderData } = answer;
  if (shown.error !== null) return <Failure error={shown.error} again={() => void shown.refetch()} />;
  if (shown.data?.snapshot === null) return <NothingYet />;
  if (resolved?.problem != null) return <WrongUrl problem={resolved.problem} />;
  if (error !== null && (data === undefined || isPlaceholderData)) {
    if (error instanceof RequestError && error.code === 'invalid')
      return <WrongUrl problem={error.message} />;
    return <Failure error={error} again={() => void answer.refetch()} />;
  }
  if (data === undefined) return <Loading />;
  return (
    <Stack gap="md" aria-busy={isPlaceholderData} style={isPlaceholderData ? { opacity: 0.6 } : {}}>
      {error === null ? null : <Failure error={error} again={() => void answer.refetch()} />}
      {isLive === true ? null : <Partial meta={data.meta} />}
      {children(data)}
    </Stack>
  );
}

function Loading() {
  return (
    <Stack gap="md" aria-busy aria-label="Loading">
      <SimpleGrid cols={{ base: 2, sm: 3, md: 4, xl: 7 }} spacing="sm">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => (
          <Skeleton key={key} height={148} radius="md" />
        ))}
      </SimpleGrid>
      <Skeleton height={360} radius="md" />
    </Stack>
  );
}

/** Why something could not be shown, and a way to try again. */
export function Failure({ error, again }: { readonly error: Error; readonly again: () => void }) {
  return (
    <Alert color="red" title="This could not be shown" variant="light" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error.message}</Text>
        <Button size="xs" color="red" onClick={again}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

function NothingYet() {
  const isPublished = typeof useStatus().data?.snapshot === 'string';
  useEffect(() => {
    if (isPublished) void showNewest();
  }, [isPublished]);
  return (
    <Alert color="blue" title="Nothing is published yet" variant="light">
      <Text size="sm">
        Land events and run their days: npx questline land FILE, then npx questline backfill --from DAY --to
        DAY. The first published day shows here by itself.
      </Text>
    </Alert>
  );
}

function WrongUrl({ problem }: { readonly problem: string }) {
  const [search, change] = useSearchState();
  const reset = Object.fromEntries(Object.keys(search).map((key) => [key, undefined]));
  return (
    <Alert color="orange" title="The address asks for something that can’t be" variant="light" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problem}</Text>
        <Button size="xs" onClick={() => change(reset)}>
          Show the last 28 days
        </Button>
      </Stack>
    </Alert>
  );
}

const MOST_NAMED = 5;

/** Says what the numbers lack, when they lack something. */
function Partial({ meta: { incompleteDays, players } }: { readonly meta: Meta }) {
  const named = incompleteDays.slice(0, MOST_NAMED).map(formatDay).join(', ');
  const more = incompleteDays.length > MOST_NAMED ? ` and ${incompleteDays.length - MOST_NAMED} more` : '';
  return (
    <>
      {incompleteDays.length === 0 ? null : (
        <Alert color="orange" variant="light" title="Some days of this range are incomplete">
          <Text size="sm">
            {named}
            {more}: their own data is not published, so they count for nothing in the numbers of the range.
            Data health tells why.
          </Text>
        </Alert>
      )}
      {players === 0 ? (
        <Alert color="orange" variant="light" title="No player is left">
          <Text size="sm">The filters leave no player. Take one away.</Text>
        </Alert>
      ) : null}
    </>
  );
}
