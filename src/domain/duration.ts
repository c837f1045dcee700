/** A span of time for people, to the second below two minutes and to the minute above. */
export function describeSeconds(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
