/** Runs `work` on every item, at most `most` of them at once; results in the order of the items. The first failure is thrown once all have stopped. */
export async function mapAtOnce<T, R>(
  items: Iterable<T>,
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const all = [...items];
  const results = Array.from<R>({ length: all.length });
  let next = 0;
  let hasFailed = false;
  const lane = async () => {
    while (next < all.length && !hasFailed) {
      const n = next;
      next += 1;
      try {
        results[n] = await work(all[n] as T);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(most, all.length) }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  return results;
}
