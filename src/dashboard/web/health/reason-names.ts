import type { AsideReason } from '../../../domain/kept-line.ts';

const names: Readonly<Record<AsideReason, string>> = {
  bad_encoding: 'Bytes that are not UTF-8',
  oversized: 'Longer than a line may be',
  malformed: 'Malformed',
  missing_field: 'A required field is missing',
  wrong_type: 'A value of a wrong type',
  unknown_type: 'An unknown event type',
  out_of_range: 'A value out of range',
  future: 'From the future',
  too_late: 'Too late',
  superseded: 'Superseded by a mended line',
};

/** What a reason is called on pages: its words, and its code, which the command line takes. */
export function nameReason(reason: string): string {
  const name = (names as Readonly<Record<string, string>>)[reason];
  return name === undefined ? reason : `${name} (${reason})`;
}
