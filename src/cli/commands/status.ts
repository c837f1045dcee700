import { gatherFacts } from '../../activities/day-standing.ts';
import type { CheckVerdict } from '../../domain/check-result.ts';
import { type Day, type DayRange, listDays } from '../../domain/day.ts';
import { countRejected } from '../../domain/ledger.ts';
import { type DayStatus, describeDayStatus } from '../../operations/day-status.ts';
import type { CatalogState } from '../../storage/catalog.ts';
import { rangeOf } from '../options.ts';
import { formatCount, printJson, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';

interface StatusOptions {
  readonly from?: Day;
  readonly to?: Day;
  readonly json?: boolean;
}

/** `questline status`: arrival days by what landed, what was published and what their last run did. */
export async function runStatus(options: StatusOptions): Promise<void> {
  await withSession(async (session) => {
    const { config } = session;
    const [store, endpoints] = [await session.store(), await session.endpoints()];
    const client = await session.temporal().catch((error: Error) => {
      say(`! ${error.message}`);
      return null;
    });
    const facts = await gatherFacts({ config, store, client });
    const { state, landed, runs } = facts;
    const known = [...new Set([...(state?.arrivals.keys() ?? []), ...landed.keys(), ...runs.keys()])].sort();
    const all = { ...facts, endpoints, store, client };
    const rows = await Promise.all(chooseDays(known, options).map((day) => describeDayStatus(day, all)));
    if (options.json === true) return printJson({ snapshot: state?.snapshot.id ?? null, days: rows });
    report(rows, state);
  });
}

/** The days of the range that was asked for, or of those that are known. */
function chooseDays(known: readonly Day[], options: StatusOptions): Day[] {
  const range = rangeFor(known, options);
  if (range === null) return [];
  const isAsked = options.from !== undefined || options.to !== undefined;
  return listDays(range).filter((day) => isAsked || known.includes(day));
}

function rangeFor(known: readonly Day[], { from, to }: StatusOptions): DayRange | null {
  const first = from ?? known[0] ?? to;
  const last =
    to ??
    (known.at(-1) !== undefined && first !== undefined && (known.at(-1) as Day) >= first
      ? known.at(-1)
      : first);
  return first === undefined || last === undefined ? null : rangeOf(first, last);
}

function report(rows: readonly DayStatus[], state: CatalogState | null): void {
  if (rows.length === 0)
    return say(
      'No day has landed yet. Land events (npx questline land FILE), or generate some (npx questline generate --help).',
    );
  const count = (n: number | undefined) => (n === undefined ? '' : formatCount(n));
  printTable(
    [
      { head: 'day', value: ({ day }) => day },
      { head: 'state', value: (row) => row.state },
      { head: 'stage', value: ({ stage }) => stage ?? '' },
      { head: 'lines', align: 'right', value: ({ ledger }) => count(ledger?.lines) },
      { head: 'accepted', align: 'right', value: ({ ledger }) => count(ledger?.accepted) },
      {
        head: 'rejected',
        align: 'right',
        value: ({ ledger }) => (ledger === null ? '' : formatCount(countRejected(ledger))),
      },
      { head: 'superseded', align: 'right', value: ({ ledger }) => count(ledger?.superseded) },
      { head: 'kept', align: 'right', value: ({ eventDay }) => count(eventDay?.kept) },
      {
        head: 'duplicates',
        align: 'right',
        value: ({ eventDay }) => count(eventDay === null ? undefined : eventDay.cameIn - eventDay.kept),
      },
      { head: 'checks', value: ({ checks }) => (checks === null ? '' : describeChecks(checks)) },
      { head: 'seconds', align: 'right', value: ({ seconds }) => seconds?.toFixed(1) ?? '' },
      { head: 'run', value: ({ link }) => link ?? '' },
    ],
    rows,
  );
  for (const { day, message } of rows) if (message !== null) say(`${day}: ${message}`);
  if (state !== null) say(`snapshot ${state.snapshot.id}, committed ${state.snapshot.committedAt}`);
}

/** Checks that hold, of those that were measured, and what is wrong with the others. */
function describeChecks({ passed, warned, failed }: Readonly<Record<CheckVerdict, number>>): string {
  const wrong = [failed > 0 ? `${failed} failed` : '', warned > 0 ? `${warned} warned` : ''].filter(Boolean);
  return [`${passed}/${passed + warned + failed}`, ...wrong].join(', ');
}
