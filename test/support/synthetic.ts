import { planGenerator } from '../../src/activities/generate.ts';
import type { Config } from '../../src/config/schema.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import { landGeneratedDay, landGeneratedProfiles } from '../../src/storage/land-generated.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

/** Players of the synthetic game in tests: enough for every event type each day, few enough to be quick. */
export const request = { players: 120, seed: 7 };

/** Lands synthetic days from the preset's launch day on, and returns them. */
export async function landDays(store: ObjectStore, config: Config, count: number): Promise<Day[]> {
  const { spec, identity } = planGenerator(config, request);
  const simulation = new Simulation(spec);
  const days = Array.from({ length: count }, (_, n) => addDays(spec.model.launchDay, n));
  await landGeneratedProfiles(store, simulation);
  for (const day of days) await landGeneratedDay(store, simulation, identity, day);
  return days;
}
