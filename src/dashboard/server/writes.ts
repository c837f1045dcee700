import type { Client } from '@temporalio/client';
import type { z } from 'zod';
import { dayWorkflowId } from '../../domain/pipeline.ts';
import { decideDay } from '../../operations/decide-day.ts';
import { listOutcomes, prepareReplay, summarizeReplay } from '../../operations/replay-lines.ts';
import { startBackfill, startDay } from '../../operations/start-runs.ts';
import { readEditedLines } from '../../query/read-edited-file.ts';
import { linkToRun } from '../../stack/endpoints.ts';
import { TemporalUnreachableError } from '../../stack/temporal-client.ts';
import { landReplay } from '../../storage/land-replay.ts';
import type { Write, Written, writes } from '../api/routes.ts';
import type { DashboardDependencies } from './dependencies.ts';

interface Ordered<W extends Write> {
  readonly params: z.output<(typeof writes)[W]['params']>;
  readonly body: z.output<(typeof writes)[W]['body']>;
}

/** What errors call the lines of a request. */
const REPLAYED = '"lines"';

/** What carries out each write. */
export type Writers = { readonly [W in Write]: (ordered: Ordered<W>) => Promise<Written<W>> };

/** Starts runs, decides about held days and replays mended lines, as the command line does. */
export function carryOut(deps: DashboardDependencies): Writers {
  const { config, connect, endpoints, store } = deps;
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
    replay: async ({ params: { day }, body: { lines, dryRun } }) => {
      const client = dryRun ? null : await reach();
      const entries = readEditedLines(
        REPLAYED,
        lines.map((line) => Buffer.from(line)),
      );
      const ready = await prepareReplay(deps, day, REPLAYED, entries);
      const { object, mended, unchanged } = summarizeReplay(ready);
      const told = { object, mended, unchanged, outcomes: listOutcomes(ready) };
      if (client === null)
        return { ...told, state: ready.wasLanded ? 'there already' : 'dry run', run: null };
      const state = await landReplay(store, ready.packed);
      await startDay(client, config, { day, trigger: 'manual' });
      return { ...told, state, run: started(dayWorkflowId(day)) };
    },
  };
}
