import { z } from 'zod';
import {
  backfillBody,
  decidedSchema,
  decisionBody,
  replayBody,
  replayedSchema,
  runBody,
  startedSchema,
} from './actions.ts';
import { daySchema } from './day.ts';
import { engagementSchema } from './engagement.ts';
import { funnelsQuery, funnelsSchema } from './funnels.ts';
import { healthSchema } from './health.ts';
import { overviewSchema } from './overview.ts';
import { quarantineQuery, quarantineSchema } from './quarantine.ts';
import { retentionQuery, retentionSchema } from './retention.ts';
import { revenueSchema } from './revenue.ts';
import { comparedSchema, dayText, scopeSchema } from './scope.ts';
import { choicesSchema, definitionsSchema, statusSchema } from './status.ts';

const ofDay = z.object({ day: dayText });
const nothing = z.object({});

/** Everything that can be read: path, what may be asked, what is answered. */
export const reads = {
  status: {
    path: '/api/status',
    summary: 'What the status line says',
    params: nothing,
    query: nothing,
    answer: statusSchema,
  },
  definitions: {
    path: '/api/definitions',
    summary: 'Definition of each metric',
    params: nothing,
    query: nothing,
    answer: definitionsSchema,
  },
  choices: {
    path: '/api/choices',
    summary: 'Values that players may be filtered by',
    params: nothing,
    query: nothing,
    answer: choicesSchema,
  },
  overview: {
    path: '/api/overview',
    summary: 'Is the game healthy, what changed',
    params: nothing,
    query: comparedSchema,
    answer: overviewSchema,
  },
  retention: {
    path: '/api/retention',
    summary: 'Are newer players staying better',
    params: nothing,
    query: retentionQuery,
    answer: retentionSchema,
  },
  funnels: {
    path: '/api/funnels',
    summary: 'Where players drop',
    params: nothing,
    query: funnelsQuery,
    answer: funnelsSchema,
  },
  revenue: {
    path: '/api/revenue',
    summary: 'Who pays',
    params: nothing,
    query: comparedSchema,
    answer: revenueSchema,
  },
  engagement: {
    path: '/api/engagement',
    summary: 'How people play',
    params: nothing,
    query: comparedSchema,
    answer: engagementSchema,
  },
  health: {
    path: '/api/health',
    summary: 'Can the numbers be trusted',
    params: nothing,
    query: scopeSchema,
    answer: healthSchema,
  },
  day: {
    path: '/api/days/:day',
    summary: 'Everything that is known of a day',
    params: ofDay,
    query: nothing,
    answer: daySchema,
  },
  quarantine: {
    path: '/api/days/:day/quarantine',
    summary: 'Lines of a day that were set aside',
    params: ofDay,
    query: quarantineQuery,
    answer: quarantineSchema,
  },
} as const;

/** Everything that changes something; the write token is asked for. */
export const writes = {
  run: {
    path: '/api/runs',
    summary: 'Run a day, or join its run',
    params: nothing,
    body: runBody,
    answer: startedSchema,
  },
  backfill: {
    path: '/api/backfills',
    summary: 'Run a range of days',
    params: nothing,
    body: backfillBody,
    answer: startedSchema,
  },
  decide: {
    path: '/api/days/:day/decision',
    summary: 'Approve or reject a held day',
    params: ofDay,
    body: decisionBody,
    answer: decidedSchema,
  },
  replay: {
    path: '/api/days/:day/replay',
    summary:
      'Land mended lines in the place of rejected ones and run the day, or tell what would become of them',
    params: ofDay,
    body: replayBody,
    answer: replayedSchema,
  },
} as const;

/** Error of any request. */
export const problemSchema = z.object({
  error: z.string().describe('What was wrong, what was expected and what to do.'),
  code: z.enum([
    'invalid',
    'unauthorized',
    'forbidden',
    'not-found',
    'conflict',
    'busy',
    'unavailable',
    'failed',
  ]),
});

/** Name of a read. */
export type Read = keyof typeof reads;

/** Name of a write. */
export type Write = keyof typeof writes;

/** What a read answers. */
export type Answer<R extends Read> = z.output<(typeof reads)[R]['answer']>;

/** What a write answers. */
export type Written<W extends Write> = z.output<(typeof writes)[W]['answer']>;

/** What a read may be asked. */
export type Query<R extends Read> = z.input<(typeof reads)[R]['query']>;

/** What a write is told. */
export type Body<W extends Write> = z.input<(typeof writes)[W]['body']>;

/** What is answered when a request can't be. */
export type ApiProblem = z.output<typeof problemSchema>;
