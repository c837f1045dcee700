import type { Client } from '@temporalio/client';
import type { z } from 'zod';
import { dayWorkflowId } from '../../domain/pipeline.ts';
import { decideDay } from '../../operations/decide-day.ts';
import { startBackfill, startDay } from '../../operations/start-runs.ts';
import { linkToRun } from '../../stack/endpoints.ts';
import { TemporalUnreachableError } from '../../stack/temporal-client.ts';
import type { Write, Written, writes } from '../api/routes.ts';
import type { DashboardDependencies } from './dependencies.ts';

interface Ordered<W extends Write> {
  readonly params: z.output<(typeof writes)[W]['params']>;
  readonly body: z.output<(typeof writes)[W]['body']>;
}

/** What carries out each write. */
export type Writers = { readonly [W in Write]: (ordered: Ordered<W>) => Promise<Written<W>> };

/** Starts runs and decides about held days, as the command line does. */
export function carryOut({ config, connect, endpoints }: DashboardDependencies): Writers {
  const reach = async (): Promise<Client> => {
    const client = await connect();
    if (client !== null) return client;
    throw new TemporalUnreachableError(
      `Temporal does not answer at ${endpoints.temporal.address}. Try again when it does.`,
    );
  };
  const started = (workflowId: string) => ({ workflowId, link: linkToRun(endpoints.temporal, workflowId) });
  return {
    run: async ({ body: { day } }) => {
      await startDay(await reach(), config, { day, trigger: 'manual' });
      return started(dayWorkflowId(day));
    },
    backfill: async ({ body }) => {
      const { workflowId } = await startBackfill(await reach(), config, body);
      return started(workflowId);
    },
    decide: async ({ params: { day }, body }) => decideDay(await reach(), day, body),
  };
}
