import { specOf } from '../../src/activities/generate.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Day } from '../../src/domain/day.ts';
import { addDays } from '../../src/domain/day.ts';
import { landGeneratedDay, landGeneratedProfiles } from '../../src/storage/land-generated.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

/** Players of the synthetic game in tests: enough for every event type each day, few enough to be quick. */
export const request = { players: 120, seed: 7 };

/** Lands synthetic days from the config's launch day on, and returns them. */
export async function landDays(store: ObjectStore, config: Config, count: number): Promise<Day[]> {
  const spec = specOf(config, request);
  const days = Array.from({ length: count }, (_, n) => addDays(config.generator.launchDay, n));
  await landGeneratedProfiles(store, spec);
  for (const day of days) await landGeneratedDay(store, spec, day);
  return days;
}
