/** Count and mean of a histogram of Temporal's SDK. */
export interface Latency {
  readonly count: number;
  readonly meanSeconds: number;
}

/** Sums of the histograms that a worker serves to Prometheus, by name and by the label `task_queue`. */
export type Sums = ReadonlyMap<string, number>;

/** Reads what a worker serves under an address. */
export async function readSums(address: string): Promise<Sums> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels, value] = /^(temporal_\w+_(?:sum|count))\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const queue = /task_queue="([^"]*)"/.exec(labels ?? '')?.[1] ?? '';
    const key = `${name} ${queue}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(value));
  }
  return sums;
}

/** What a histogram of a task queue took in between two readings. */
export function latencyBetween(before: Sums, after: Sums, name: string, queue: string): Latency {
  const grown = (part: string) => {
    const key = `temporal_${name}_${part} ${queue}`;
    return (after.get(key) ?? 0) - (before.get(key) ?? 0);
  };
  const count = grown('count');
  return { count, meanSeconds: count === 0 ? 0 : grown('sum') / count };
}
