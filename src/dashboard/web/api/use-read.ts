import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Answer, Query, Read } from '../../api/routes.ts';
import { type PathParams, RequestError, read } from './request.ts';

/** How often what tells of runs is asked for again. */
export const LIVE_MS = 10_000;

/** The cache of answers: kept until newer data is asked for, and asked again only when no answer came. */
export const answers = createAnswers();

/** An empty cache. */
export function createAnswers(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: true,
        retry: (count, error) =>
          count < 2 && error instanceof RequestError && (error.status === 0 || error.status === 503),
        retryDelay: 1000,
      },
    },
  });
}

/**
 * What a read answers; null as `query` waits. The answer before stays in view while the next one is on its way. What tells of runs is asked
 * for again every so often while the page is in view.
 */
export function useRead<R extends Read>(
  name: R,
  query: Query<R> | null,
  params: PathParams = {},
  everyMs: number | null = null,
): UseQueryResult<Answer<R>> {
  return useQuery({
    queryKey: [name, query, params],
    queryFn: ({ signal }) => read(name, query as Query<R>, params, signal),
    enabled: query !== null,
    placeholderData: keepPreviousData,
    ...(everyMs === null ? {} : { refetchInterval: everyMs, staleTime: everyMs }),
  });
}

/** The status that the page in view goes by: ranges of the last days end where it says, until newer data is asked for. */
export function useShown(): UseQueryResult<Answer<'status'>> {
  return useQuery({
    queryKey: ['shown'],
    queryFn: async ({ signal }) => {
      const status = await read('status', {}, {}, signal);
      answers.setQueryData(['status'], status);
      return status;
    },
  });
}

/** The status of the moment, asked for again every few seconds once the page has one to go by. */
export function useStatus(): UseQueryResult<Answer<'status'>> {
  const { data } = useShown();
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => read('status', {}, {}, signal),
    enabled: data !== undefined,
    staleTime: LIVE_MS,
    refetchInterval: LIVE_MS,
    refetchOnWindowFocus: true,
  });
}

/** Asks for everything again, so that the page shows the newest snapshot. */
export async function showNewest(): Promise<void> {
  await answers.invalidateQueries();
}

/** Asks again for what tells of runs and of what they read. */
export async function askLive(): Promise<void> {
  const live = new Set(['health', 'day', 'quarantine', 'status']);
  await answers.invalidateQueries({ predicate: ({ queryKey: [name] }) => live.has(String(name)) });
}
