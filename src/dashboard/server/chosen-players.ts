import { createHash } from 'node:crypto';
import { quote } from '../../engine/duckdb.ts';
import { dimensions, type Scope } from '../api/scope.ts';

/** Which players a request is about; null stands for all. */
export type PlayerChoice = Partial<Pick<Scope, (typeof dimensions)[number] | 'acquiredFrom' | 'acquiredTo'>>;

/** What the filters show for players of whom a dimension is not known. */
export const UNKNOWN = '(unknown)';

/** The part of a request that says which players are meant, the same for the same players; null when all are. */
export function chooseFrom(scope: PlayerChoice): PlayerChoice | null {
  const entries = [
    ...dimensions.map((name) => [name, scope[name]?.toSorted()] as const),
    ['acquiredFrom', scope.acquiredFrom] as const,
    ['acquiredTo', scope.acquiredTo] as const,
  ].filter(([, value]) => value !== undefined);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** A name for the choice that SQL and files can bear. */
export function nameOfChoice(choice: PlayerChoice): string {
  return `chosen_${createHash('sha256').update(JSON.stringify(choice)).digest('hex').slice(0, 24)}`;
}

/** Condition on a row of `players` that holds for who is chosen; values stand in it as literals. */
export function conditionFor(choice: PlayerChoice): string {
  const conditions = dimensions.flatMap((name) => {
    const values = choice[name];
    if (values === undefined) return [];
    const known = values.filter((value) => value !== UNKNOWN);
    const parts = [
      ...(known.length === 0 ? [] : [`${name} IN (${known.map(quote).join(', ')})`]),
      ...(known.length === values.length ? [] : [`${name} IS NULL`]),
    ];
    return [`(${parts.join(' OR ')})`];
  });
  if (choice.acquiredFrom !== undefined)
    conditions.push(`acquisition_date >= DATE ${quote(choice.acquiredFrom)}`);
  if (choice.acquiredTo !== undefined)
    conditions.push(`acquisition_date <= DATE ${quote(choice.acquiredTo)}`);
  return conditions.join(' AND ');
}
