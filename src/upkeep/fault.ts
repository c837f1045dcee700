/** What `verify` finds wrong: in the catalog, the ledgers, an object of the store, a raw input, the mirror, or a recomputed table. */
export type FaultKind = 'catalog' | 'ledger' | 'object' | 'raw' | 'mirror' | 'recomputed';

/** One thing that is wrong. */
export interface Fault {
  readonly kind: FaultKind;
  /** One line that names it. */
  readonly message: string;
}

/** Told how far a verification is: what it looks at, how much of it is done, and bytes that were read so far. */
export type OnProgress = (what: string, done: number, of: number, bytes: number) => void;

/** Requests at once. */
export const AT_ONCE = 8;
