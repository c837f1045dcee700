import type { DataChange } from '../storage/landed.ts';

/** What has changed, in words: `3 new objects, 1 replaced`. */
export function describeChange({ added, replaced, removed, replays }: DataChange): string {
  const isOne = added + replaced + removed === 1;
  const counts: [number, string][] = [
    [added, 'new'],
    [replaced, 'replaced'],
    [removed, 'removed'],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const objects = said.length === 0 ? [] : [`${said.join(', ')} object${isOne ? '' : 's'}`];
  return [...objects, ...(replays > 0 ? [`${replays} replay${replays === 1 ? '' : 's'}`] : [])].join(', ');
}
