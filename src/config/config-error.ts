/** The configuration can't be used; the message has one line a problem, each with its place and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The known name that is most like the given one, whatever their case, or null when none is near. */
export function suggestName(given: string, known: readonly string[]): string | null {
  const most = Math.min(4, Math.max(1, Math.floor(given.length / 3)));
  const near = known
    .filter((name) => Math.abs(name.length - given.length) <= most)
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= most ? near.name : null;
}

/** Optimal string alignment distance, one row at a time: letters added, left out or changed, and neighbours swapped. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const changed = at(row, j) + (a[i] === b[j] ? 0 : 1);
      const moved = swapped ? at(before, j - 1) + 1 : changed;
      next.push(Math.min(changed, moved, at(row, j + 1) + 1, at(next, j) + 1));
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
