import { linkToRun } from '../../stack/endpoints.ts';
import type { Rollback, Snapshot } from '../../storage/catalog-format.ts';
import { walkHistory } from '../../storage/snapshots.ts';
import { type ChangedDays, compareDays } from '../../upkeep/compare-snapshots.ts';
import { formatCount, printJson, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';

interface SnapshotRow {
  readonly id: string;
  readonly current: boolean;
  readonly committedAt: string;
  readonly trigger: string;
  readonly rollback: Rollback | null;
  /** How many days it says something else of than its parent; null when that is gone. */
  readonly arrivals: number | null;
  readonly eventDays: number | null;
  readonly link: string | null;
}

/** `questline snapshots`: the history of what was published, as far as it is kept. */
export async function runSnapshots({
  limit,
  json = false,
}: {
  readonly limit: number;
  readonly json?: boolean;
}): Promise<void> {
  await withSession(async (session) => {
    const [store, { temporal }] = [await session.store(), await session.endpoints()];
    const shown: Snapshot[] = [];
    for await (const snapshot of walkHistory(store)) {
      shown.push(snapshot);
      if (shown.length > limit) break;
    }
    const rows: SnapshotRow[] = [];
    for (const [n, snapshot] of shown.slice(0, limit).entries()) {
      const before = shown[n + 1] ?? null;
      const isKnown = before !== null || snapshot.parent === null;
      const changed = isKnown ? await compareDays(store, before, snapshot) : null;
      const { run } = snapshot;
      const link = run === null ? null : linkToRun(temporal, run.workflowId, run.runId);
      rows.push({ ...describe(snapshot, changed), current: n === 0, link });
    }
    if (json) return printJson(rows);
    print(rows);
    if (shown.length > limit) say(`${limit} shown; --limit shows more.`);
  });
}

function describe(
  { id, committedAt, run, rollback }: Snapshot,
  changed: ChangedDays | null,
): Omit<SnapshotRow, 'current' | 'link'> {
  const [arrivals, eventDays] = [changed?.arrivals.length ?? null, changed?.eventDays.length ?? null];
  const trigger = run?.trigger ?? 'rollback';
  return { id, committedAt, trigger, rollback: rollback ?? null, arrivals, eventDays };
}

function print(rows: readonly SnapshotRow[]): void {
  if (rows.length === 0) return say('Nothing has been published yet. Run a day: npx questline run DAY');
  const count = (n: number | null) => (n === null ? '–' : formatCount(n));
  printTable(
    [
      { head: 'snapshot', value: ({ id }) => id },
      { head: '', value: ({ current }) => (current ? 'current' : '') },
      { head: 'committed at', value: ({ committedAt }) => committedAt },
      { head: 'trigger', value: ({ trigger }) => trigger },
      { head: 'arrivals', align: 'right', value: ({ arrivals }) => count(arrivals) },
      { head: 'event days', align: 'right', value: ({ eventDays }) => count(eventDays) },
      {
        head: 'run',
        value: ({ link, rollback }) =>
          rollback === null ? (link ?? '') : `to ${rollback.to} by ${rollback.by}: ${rollback.why}`,
      },
    ],
    rows,
  );
  say(
    'Ask one: npx questline query --as-of SNAPSHOT "SQL". Go back to one: npx questline rollback --to SNAPSHOT',
  );
}
