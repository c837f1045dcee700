import type { OpenRange } from '../../domain/day.ts';
import { listRestatements, type Restatement, type RestatingCommit } from '../../query/list-restatements.ts';
import { linkToRun } from '../../stack/endpoints.ts';
import { readCurrent } from '../../storage/catalog.ts';
import { rangeOf } from '../options.ts';
import { countOf, printJson, printLine, printTable, say, showText } from '../output.ts';
import { openCache, withSession } from '../session.ts';

interface RestatementOptions extends OpenRange {
  readonly limit?: number;
  readonly json?: boolean;
}

/** The same with a link to the run that committed it. */
interface LinkedCommit extends RestatingCommit {
  readonly link: string | null;
}

const SHOWN_VALUES = 20;
const KEY_WIDTH = 60;

/** `questline status --restatements`: what commits changed of days that were complete, the newest commit first. */
export async function showRestatements(options: RestatementOptions): Promise<void> {
  const { from, to, json = false } = options;
  if (from !== undefined && to !== undefined) rangeOf(from, to);
  await withSession(async ({ config, endpoints, store }) => {
    const bucket = await store();
    const { state } = await readCurrent(bucket);
    const limit = options.limit ?? (json ? null : SHOWN_VALUES);
    const { temporal } = await endpoints();
    const found = await listRestatements(state, openCache(config, bucket), options, limit);
    const commits = found.map((commit): LinkedCommit => {
      const { run } = commit;
      return { ...commit, link: run === null ? null : linkToRun(temporal, run.workflowId, run.runId) };
    });
    if (json) printJson({ snapshot: state?.snapshot.id ?? null, commits });
    else report(commits);
  });
}

function report(commits: readonly LinkedCommit[]): void {
  if (commits.length === 0) return say('No value of a complete day was changed by a later publish.');
  const shown = commits.filter(({ restatements }) => restatements.length > 0);
  for (const commit of shown) {
    printLine(`${commit.committedAt}  ${commit.snapshot}  ${describeCommit(commit)}`);
    if (commit.link !== null) printLine(`run ${commit.link}`);
    printTable<Restatement>(
      [
        { head: 'day', value: ({ day }) => day },
        { head: 'table', value: ({ table }) => table },
        { head: 'key', value: (one) => describeKey(one) },
        { head: 'metric', value: ({ metric }) => metric },
        { head: 'before', align: 'right', value: ({ before }) => before },
        { head: 'after', align: 'right', value: ({ after }) => after ?? '(none)' },
        { head: '', value: ({ sessionsOpen }) => (sessionsOpen ? 'sessions were still open' : '') },
      ],
      commit.restatements,
    );
    printLine('');
  }
  sayRest(commits, shown);
}

function describeCommit({ values, days, arrivals, run }: RestatingCommit): string {
  const range = arrivals.length > 1 ? `${arrivals[0]} to ${arrivals.at(-1)}` : arrivals[0];
  if (run === null) return `${countOf(values, 'value')} of ${countOf(days, 'day')}, by a rollback`;
  const by =
    range === undefined
      ? 'no arrival, only other rules'
      : `${countOf(arrivals.length, 'arrival')} (${range})`;
  return `${countOf(values, 'value')} of ${countOf(days, 'day')}, by ${by}`;
}

/** The key without the day, which stands beside it. */
function describeKey({ key, day }: Restatement): string {
  const rest = Object.entries(key).filter(([name, value]) => value !== day || !name.endsWith('date'));
  return showText(rest.map(([name, value]) => `${name} ${String(value)}`).join(', '), KEY_WIDTH);
}

function sayRest(commits: readonly LinkedCommit[], shown: readonly LinkedCommit[]): void {
  const total = commits.reduce((sum, { values }) => sum + values, 0);
  const printed = shown.reduce((sum, { restatements }) => sum + restatements.length, 0);
  if (total === printed) return;
  say(
    `${countOf(total - printed, 'more value')} of ${countOf(commits.length, 'commit')}: --limit ${10 * printed} shows more, --json all; or npx questline query "from restatements".`,
  );
}
