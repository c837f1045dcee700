import { type Cleaning, collectGarbage, type Doomed, planCleaning } from '../../upkeep/collect-garbage.ts';
import { countOf, formatBytes, formatCount, printJson, printLine, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface GcOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `questline gc`: removes what nothing needs; without `--yes` only says what that is. */
export async function runGc({ dryRun = false, yes = false, json = false }: GcOptions): Promise<void> {
  if (dryRun && yes) throw new UsageError('both --dry-run and --yes are given; expected one of them.');
  await withSession(async ({ config, store: open }) => {
    const store = await open();
    const rules = config.gc;
    const cleaning = yes
      ? await collectGarbage(store, rules, () => new Date())
      : await planCleaning(store, rules, new Date());
    if (json) return printJson({ done: yes, ...cleaning });
    print(cleaning, yes, rules.graceDays);
  });
}

interface PrefixRow {
  readonly prefix: string;
  readonly removed: readonly Doomed[];
  readonly condemned: readonly Doomed[];
  readonly waiting: readonly Doomed[];
}

function print(cleaning: Cleaning, isDone: boolean, graceDays: number): void {
  const { snapshots, removed, condemned, waiting, pardoned, records } = cleaning;
  const all = [...removed, ...condemned, ...waiting];
  printLine(`${countOf(snapshots, 'snapshot')} kept, with everything that they name.`);
  if (all.length === 0) return say('Nothing else is old enough to go.');
  const prefixes = [...new Set(all.map(prefixOf))].sort();
  const within = (prefix: string, objects: readonly Doomed[]) =>
    objects.filter((object) => prefixOf(object) === prefix);
  const rows: PrefixRow[] = prefixes.map((prefix) => ({
    prefix,
    removed: within(prefix, removed),
    condemned: within(prefix, condemned),
    waiting: within(prefix, waiting),
  }));
  const show = (objects: readonly Doomed[]) =>
    objects.length === 0 ? '' : `${formatCount(objects.length)} (${formatBytes(bytesOf(objects))})`;
  printTable(
    [
      { head: 'prefix', value: ({ prefix }) => prefix },
      { head: isDone ? 'removed' : 'to remove', align: 'right', value: (row) => show(row.removed) },
      { head: isDone ? 'condemned' : 'to condemn', align: 'right', value: (row) => show(row.condemned) },
      { head: 'condemned before', align: 'right', value: (row) => show(row.waiting) },
    ],
    rows,
  );
  printLine(
    `${isDone ? 'Removed' : 'To remove'}: ${countOf(removed.length, 'object')}, ${formatBytes(bytesOf(removed))}.`,
  );
  if (pardoned.length > 0)
    say(`${countOf(pardoned.length, 'object')} condemned before: needed again, and kept.`);
  if (records.length > 0)
    say(
      `${countOf(records.length, 'record')} of what was made ${isDone ? 'removed' : 'would go'} with them.`,
    );
  say(
    `An object goes ${countOf(graceDays, 'day')} after it was condemned, by the gc --yes that comes then.${isDone ? '' : ' Nothing was changed: npx questline gc --yes does it.'}`,
  );
}

function prefixOf({ key }: Doomed): string {
  return `${key.split('/').slice(0, 2).join('/')}/`;
}

function bytesOf(objects: readonly Doomed[]): number {
  return objects.reduce((total, { bytes }) => total + bytes, 0);
}
