import type { z } from 'zod';
import { type Answer, type Read, reads } from '../api/routes.ts';
import type { Scope } from '../api/scope.ts';
import { AnswerCache, type Working } from './answer-cache.ts';
import { answerChoices } from './answers/choices.ts';
import { answerDay, answerQuarantine } from './answers/day.ts';
import { answerDefinitions } from './answers/definitions.ts';
import { answerEngagement } from './answers/engagement.ts';
import { answerFunnels } from './answers/funnels.ts';
import { answerHealth } from './answers/health.ts';
import { answerOverview } from './answers/overview.ts';
import type { Question } from './answers/question.ts';
import { answerRetention } from './answers/retention.ts';
import { answerRevenue } from './answers/revenue.ts';
import { answerStatus } from './answers/status.ts';
import { chooseFrom } from './chosen-players.ts';
import type { DashboardDependencies } from './dependencies.ts';
import type { OpenSnapshot } from './open-snapshot.ts';
import { NothingPublished } from './problem.ts';
import type { Published } from './published.ts';

interface Asked<R extends Read> {
  readonly params: z.output<(typeof reads)[R]['params']>;
  readonly query: z.output<(typeof reads)[R]['query']>;
}

/** What answers each read. */
export type Answers = {
  readonly [R in Read]: (asked: Asked<R>, signal: AbortSignal) => Promise<Answer<R>>;
};

const live: Working = { keep: false, isLong: false };

/** Answers of the published snapshot are kept by snapshot and question; what follows from runs and raw data is asked each time. */
export function answerReads(deps: DashboardDependencies, published: Published): Answers {
  const cache = new AnswerCache();
  const ask = <T extends object>(
    read: Read,
    asked: object,
    signal: AbortSignal,
    how: Working,
    work: (snapshot: OpenSnapshot, signal: AbortSignal) => Promise<T>,
  ) => {
    const snapshot = published.current();
    if (snapshot === null) throw new NothingPublished();
    const question = JSON.stringify([snapshot.state.snapshot.id, read, asked]);
    return cache.ask(question, (inner) => work(snapshot, inner), signal, how);
  };
  const page =
    <R extends Read, S extends Scope>(read: R, answer: (question: Question<S>) => Promise<Answer<R>>) =>
    async ({ query }: { readonly query: S }, signal: AbortSignal) =>
      ask(read, query, signal, { keep: true, isLong: chooseFrom(query) !== null }, (snapshot, inner) =>
        answer({ snapshot, scope: query, signal: inner }),
      );
  return {
    status: (_, signal) => cache.ask('status', () => answerStatus(published.current(), deps), signal, live),
    definitions: async () => answerDefinitions(deps.config),
    choices: (_, signal) => answerChoices(published.current(), signal),
    overview: page('overview', answerOverview),
    retention: page('retention', answerRetention),
    funnels: page('funnels', (question) => answerFunnels(question, deps.config)),
    revenue: page('revenue', answerRevenue),
    engagement: page('engagement', answerEngagement),
    health: async ({ query }, signal) =>
      ask('health', query, signal, live, (snapshot, inner) =>
        answerHealth({ snapshot, scope: query, signal: inner }, deps),
      ),
    day: async ({ params }, signal) =>
      ask('day', params, signal, live, (snapshot, inner) =>
        answerDay({ snapshot, signal: inner }, params.day, deps),
      ),
    quarantine: ({ params, query }) => answerQuarantine(params.day, query, deps),
  };
}
