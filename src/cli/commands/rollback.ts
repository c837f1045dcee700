import { tmpdir } from 'node:os';
import { recordRestatements } from '../../activities/restatements.ts';
import type { Config } from '../../config/schema.ts';
import type { Day } from '../../domain/day.ts';
import type { ObjectCache } from '../../storage/object-cache.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import {
  type ChangedDays,
  compareDays,
  compareMetrics,
  type MovedMetric,
} from '../../upkeep/compare-snapshots.ts';
import { planRollback, type RollbackSteps, refuseMissing, rollBack } from '../../upkeep/roll-back.ts';
import { countOf, formatCount, printJson, printLine, printTable, say } from '../output.ts';
import { openCache, withSession } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface RollbackOptions {
  readonly to: string;
  readonly by: string;
  readonly why: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const DAYS_SHOWN = 10;

/** `questline rollback`: publishes what an earlier snapshot says again. */
export async function runRollback(options: RollbackOptions): Promise<void> {
  const { to, by, why, dryRun = false, json = false } = options;
  for (const [name, value] of Object.entries({ to, by, why })) {
    if (value.trim() === '')
      throw new UsageError(`--${name} is empty; expected which snapshot, who decides, and why.`);
  }
  await withSession(async ({ config, store: open }) => {
    const store = await open();
    const { current, target, isCurrent } = await planRollback(store, to);
    const ids = { current: current.snapshot.id, to: target.snapshot.id };
    if (isCurrent) {
      if (json) return printJson({ outcome: 'unchanged', ...ids });
      return printLine(`${ids.current} is current and says what ${ids.to} says already: nothing is changed.`);
    }
    const cache = openCache(config, store);
    const changed = await compareDays(store, current.snapshot, target.snapshot);
    const metrics = await compareMetrics(cache, current.snapshot, target.snapshot);
    if (!json) describe(ids, changed, metrics, dryRun);
    if (dryRun) {
      await refuseMissing(store, target);
      if (json) printJson({ outcome: 'planned', ...ids, ...changed, metrics });
      return;
    }
    const request = { to: target.snapshot.id, by, why };
    const committed = ({ id }: { readonly id: string }) => {
      if (!json) printLine(`${id} is current: it says what ${ids.to} says. By ${by}: ${why}`);
    };
    const snapshot = await rollBack(store, request, {
      restate: restateWith(config, store, cache),
      committed,
    });
    const outcome = snapshot === null ? 'unchanged' : 'committed';
    if (json) printJson({ outcome, snapshot: snapshot?.id ?? ids.current, ...ids, ...changed, metrics });
    else if (snapshot === null) printLine('Somebody else went back to it first: nothing is changed.');
  });
}

function restateWith({ worker }: Config, store: ObjectStore, cache: ObjectCache): RollbackSteps['restate'] {
  const duckDb = { threads: 2, memoryMb: worker.memoryMb };
  return async (base, { snapshot, arrivals, eventDays }) => {
    const candidate = { base, arrivals, eventDays, tables: snapshot.tables, touched: new Set<Day>() };
    const deps = { store, cache, duckDb, scratchRoot: tmpdir() };
    return (await recordRestatements(deps, candidate))?.ref ?? null;
  };
}

function describe(
  { current, to }: { readonly current: string; readonly to: string },
  { arrivals, eventDays }: ChangedDays,
  metrics: readonly MovedMetric[],
  dryRun: boolean,
): void {
  printLine(`From ${current} to what ${to} says:`);
  printLine(`  arrivals that ${dryRun ? 'would change' : 'change'}: ${listDays(arrivals)}`);
  printLine(`  event days: ${listDays(eventDays)}`);
  const names = [...new Set(metrics.map(({ metric }) => metric))];
  if (names.length === 0) printLine('  daily_metrics: the same');
  else {
    printLine('');
    const rows = names.map((name) => metrics.filter(({ metric }) => metric === name));
    printTable(
      [
        { head: 'daily_metrics', value: (moved) => moved[0]?.metric ?? '' },
        { head: 'dates', align: 'right', value: (moved) => formatCount(moved.length) },
        { head: 'such as', value: (moved) => moved.at(-1)?.date ?? '' },
        { head: 'before', align: 'right', value: (moved) => moved.at(-1)?.before ?? 'null' },
        { head: 'after', align: 'right', value: (moved) => moved.at(-1)?.after ?? 'null' },
      ],
      rows,
    );
    printLine('');
  }
  say(
    'The next run of a day that changed moves on from there, and publishes its data as it is then: pause the schedule (npx questline schedule pause), or mend the data.',
  );
}

function listDays(days: readonly string[]): string {
  if (days.length === 0) return 'none';
  const more = days.length > DAYS_SHOWN ? `, … (${countOf(days.length, 'day')})` : '';
  return `${days.slice(0, DAYS_SHOWN).join(', ')}${more}`;
}
