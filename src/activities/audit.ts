import { auditLedgers } from '../domain/audit-ledgers.ts';
import { TerminalError } from '../domain/failure.ts';
import { withLentDuckDb } from '../engine/lent-duckdb.ts';
import { auditObjects } from './audit-objects.ts';
import { auditTotals } from './audit-totals.ts';
import { type Candidate, listFreshByDay, sortObjects } from './candidate.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';
import { type ReadBack, readBack } from './read-back.ts';

const FAULTS_SHOWN = 5;
const notAsWritten = 'the bucket does not have what was written';

type AuditStage = Pick<StageContext, 'tell' | 'log' | 'stopIfCancelled'>;

/**
 * Checks what a snapshot would name before it is committed: that the two ledgers meet, that the store has every object as it was written,
 * and that totals agree across tables. `AuditError` otherwise, with all faults in the log.
 */
export async function auditCatalog(
  deps: Pick<Dependencies, 'store' | 'cache' | 'duckDb' | 'scratchRoot'>,
  stage: AuditStage,
  candidate: Candidate,
  already: ReadBack = { files: new Map(), faults: [] },
): Promise<void> {
  stage.tell('auditing the ledgers');
  pass(stage, 'the ledgers do not meet', auditLedgers(candidate.arrivals, candidate.eventDays));
  const objects = sortObjects(candidate);
  await withScratch(deps.scratchRoot, (tempFolder) =>
    withLentDuckDb({ ...deps.duckDb, tempFolder }, async (connection) => {
      stage.tell(`auditing ${objects.fresh.length} objects`);
      pass(stage, notAsWritten, await auditObjects(deps, connection, objects, already));
      stage.tell('comparing totals across tables');
      pass(stage, 'totals do not agree', await auditTotals(deps.cache, connection, candidate, objects));
    }),
  );
}

/**
 * Reads the new objects by day back from the store while `make` makes the tables that follow from them; what is wrong with an object
 * goes before what `make` says of it. The audit need not read them again.
 */
export async function readBackWhile<T>(
  { cache }: Pick<Dependencies, 'cache'>,
  stage: AuditStage,
  candidate: Parameters<typeof listFreshByDay>[0],
  make: () => Promise<T>,
): Promise<{ readonly made: T; readonly already: ReadBack }> {
  const [read, made] = await Promise.allSettled([readBack(cache, listFreshByDay(candidate)), make()]);
  if (read.status === 'rejected') throw read.reason;
  pass(stage, notAsWritten, read.value.faults);
  if (made.status === 'rejected') throw made.reason;
  return { made: made.value, already: read.value };
}

function pass(stage: AuditStage, what: string, faults: readonly string[]): void {
  stage.stopIfCancelled();
  if (faults.length === 0) return;
  stage.log.warn({ faults }, `the audit found that ${what}`);
  const shown = faults.slice(0, FAULTS_SHOWN);
  const more = faults.length - shown.length;
  const rest = more > 0 ? `; and ${more} more, all in the worker’s log` : '';
  const message = `Nothing was committed, ${what}: ${shown.join('; ')}${rest}.`;
  throw new TerminalError('AuditError', message, { faults: shown });
}
