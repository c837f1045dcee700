import type { DuckDBConnection } from '@duckdb/node-api';
import { type Day, type DayRange, listDays } from '../../../domain/day.ts';
import { type Row, readRows } from '../../../engine/duckdb.ts';
import type { Meta } from '../../api/meta.ts';
import type { Scope } from '../../api/scope.ts';
import { chooseFrom, type PlayerChoice } from '../chosen-players.ts';
import type { AskedTable, OpenSnapshot } from '../open-snapshot.ts';

/** A page's question about a snapshot: days, and which players. */
export interface Question<S extends Scope = Scope> {
  readonly snapshot: OpenSnapshot;
  readonly scope: S;
  readonly signal: AbortSignal;
}

/** Asks tables of the snapshot, of the players that the question is about, and answers with where the numbers are from. */
export async function askTables<T extends object>(
  { snapshot, scope, signal }: Question,
  tables: readonly AskedTable[],
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T & { readonly meta: Meta }> {
  const began = performance.now();
  const choice = chooseFrom(scope);
  const found = await snapshot.ask({ tables, choice }, use, signal);
  return { meta: await describeAnswer(snapshot, scope, choice, began, signal), ...found };
}

async function describeAnswer(
  snapshot: OpenSnapshot,
  range: DayRange,
  choice: PlayerChoice | null,
  began: number,
  signal: AbortSignal,
): Promise<Meta> {
  const { arrivals, snapshot: document } = snapshot.state;
  const span = spanOf(snapshot);
  const isKnown = (day: Day) => span !== null && day >= span.from && day <= span.to;
  return {
    snapshot: document.id,
    committedAt: document.committedAt,
    timezone: 'UTC',
    firstDay: span?.from ?? null,
    dataThrough: [...arrivals.keys()].at(-1) ?? null,
    incompleteDays: listDays(range).filter((day) => isKnown(day) && !arrivals.has(day)),
    players: await snapshot.countPlayers(choice, signal),
    queryMs: Math.round((performance.now() - began) * 10) / 10,
  };
}

/** First and last day that a snapshot knows anything of; null when it knows nothing. */
export function spanOf({ state: { arrivals, eventDays } }: OpenSnapshot): DayRange | null {
  const days = [...arrivals.keys(), ...eventDays.keys()].sort();
  const [from, to] = [days[0], days.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}

/** Rows of a query whose parameters are the days of a range, `$from` and `$to`. */
export function rowsWithin<T = Row>(
  connection: DuckDBConnection,
  { from, to }: DayRange,
  sql: string,
): Promise<T[]> {
  return readRows(connection, sql, { from, to }) as Promise<unknown> as Promise<T[]>;
}
