import { reasonCodes } from './reason.ts';

/** Where a line stands in the raw data. */
export interface RawPlace {
  /** Key of the raw object. */
  readonly object: string;
  /** 1-based. */
  readonly line: number;
}

/** Why a line stands in the quarantine: it was rejected, or a mended line has taken its place. */
export const asideReasons = [...reasonCodes, 'superseded'] as const;

/** One of `asideReasons`. */
export type AsideReason = (typeof asideReasons)[number];

/** A line as a day’s quarantine keeps it. */
export interface KeptLine extends RawPlace {
  /** Byte at which it begins in the uncompressed object, from 0. */
  readonly offset: number;
  readonly reason: AsideReason;
  readonly detail: string;
  /** The line without its line end; null when it is not UTF-8. */
  readonly raw: string | null;
  /** Its bytes, when it is not UTF-8. */
  readonly rawBase64: string | null;
  /** Length of the whole line; more than is kept of it when it is very long. */
  readonly rawBytes: number;
}

/** A place as a text that a person can find it by, and that differs for different places. */
export function describePlace({ object, line }: RawPlace): string {
  return `${object}:${line}`;
}

/** Whether one place stands before another in the order in which a day's lines are kept: by object, then by line. */
export function comparePlaces(a: RawPlace, b: RawPlace): number {
  if (a.object !== b.object) return a.object < b.object ? -1 : 1;
  return a.line - b.line;
}
