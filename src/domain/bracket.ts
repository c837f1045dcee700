/** Days after acquisition of a bracket of retention, both ends in it. */
export interface Bracket {
  readonly from: number;
  readonly to: number;
}

const LONGEST = 3650;

/** Reads `4-7`; null when it is no bracket. */
export function readBracket(text: string): Bracket | null {
  const [, from, to] = /^(\d{1,4})-(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (from === undefined || to === undefined || from > to || to > LONGEST) return null;
  return { from, to };
}
