import type { z } from 'zod';
import { isLoopback } from './formats.ts';
import { valueAt } from './tree.ts';

type Rule<V> = [
  holds: (section: V) => boolean,
  how: {
    readonly path: string[];
    readonly params: { readonly pair: readonly string[] };
    readonly error: (issue: { readonly input?: unknown }) => string;
    readonly when: (payload: z.core.ParsePayload) => boolean;
  },
];

/** Rule of a section: where `key` is set, `other` is set too. `otherwise` says what holds when neither is. */
export function neitherAlone<K extends string>(
  key: K,
  other: K,
  otherwise = '',
): Rule<Readonly<Record<K, string | null>>> {
  const error = () => `expected ${other} with it: set both, or neither${otherwise}`;
  return [(section) => section[key] === null || section[other] !== null, howTo(key, other, error)];
}

/** Rule of a section: the day `from` is not after the day `to`. */
export function notAfter<K extends string>(from: K, to: K): Rule<Readonly<Record<K, string>>> {
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected ${from} (${String(valueAt(input, from))}) not to be after ${to} (${String(valueAt(input, to))})`;
  return [(section) => section[from] <= section[to], howTo(from, to, error)];
}

/** Rule of a section: the number `least` is not more than the number `most`. */
export function notMore<K extends string>(least: K, most: K): Rule<Readonly<Record<K, number>>> {
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected ${least} (${String(valueAt(input, least))}) not to be more than ${most} (${String(valueAt(input, most))})`;
  return [(section) => section[least] <= section[most], howTo(least, most, error)];
}

/** Rule of a section: a server that others on the network reach asks for a token. */
export const tokenBeyondLoopback: Rule<{ readonly host: string; readonly token: string | null }> = [
  ({ host, token }) => isLoopback(host) || token !== null,
  howTo(
    'token',
    'host',
    ({ input }) =>
      `expected a token, since host (${String(valueAt(input, 'host'))}) can be reached from other machines: set token, or host to 127.0.0.1`,
  ),
];

interface WithGrace {
  readonly gc: { readonly graceDays: number };
  readonly quality: { readonly holdHours: number };
}

/** Rule of the whole: a run that was on hold has committed before anything that it may name is removed. */
export const graceOutlastsHold: Rule<WithGrace> = [
  ({ gc, quality }) => gc.graceDays * 24 > quality.holdHours,
  {
    path: ['gc'],
    params: { pair: ['gc.graceDays', 'quality.holdHours'] },
    error: ({ input }) =>
      `expected gc.graceDays (${String(valueAt(input, 'gc.graceDays'))} days) to be longer than quality.holdHours (${String(valueAt(input, 'quality.holdHours'))} hours)`,
    when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'gc' || path?.[0] === 'quality'),
  },
];

/** zod skips a section's rules once any key of it is wrong; these run unless one of their own two is. */
function howTo<V>(key: string, other: string, error: Rule<V>[1]['error']): Rule<V>[1] {
  const pair = [key, other];
  const when = ({ issues }: z.core.ParsePayload) =>
    !issues.some(({ path }) => pair.includes(String(path?.[0])));
  return { path: [key], params: { pair }, error, when };
}
