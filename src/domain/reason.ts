/** Why a raw line was rejected; a line gets the first reason of this list that applies to it. */
export const reasonCodes = [
  'bad_encoding',
  'oversized',
  'malformed',
  'missing_field',
  'wrong_type',
  'unknown_type',
  'out_of_range',
  'future',
  'too_late',
] as const;

/** One of `reasonCodes`. */
export type ReasonCode = (typeof reasonCodes)[number];
