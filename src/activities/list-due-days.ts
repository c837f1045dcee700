import { hashConfig } from '../config/table-config.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { addDays, type Day } from '../domain/day.ts';
import { readCurrent } from '../storage/catalog.ts';
import type { Dependencies } from './dependencies.ts';
import { arrivalIdentity, inputIdentity, pinArrival } from './inputs.ts';

/**
 * The days before `day` within the late window that have raw data and were never published, or were published from other
 * data or under another config; in calendar order.
 */
export async function listDueDays(deps: Dependencies, { day }: { readonly day: Day }): Promise<Day[]> {
  const { state } = await readCurrent(deps.store);
  const configHash = hashConfig(deps.config);
  const due: Day[] = [];
  for (let n = -deps.config.pipeline.lateWindowDays; n < 0; n += 1) {
    const earlier = addDays(day, n);
    const inputs = await pinArrival(deps.store, earlier);
    const known = state?.arrivals.get(earlier);
    const same =
      known?.configHash === configHash &&
      canonicalJson({ objects: inputIdentity(known.inputs), replays: known.replays }) ===
        canonicalJson(arrivalIdentity(inputs));
    if (inputs.objects.length > 0 && !same) due.push(earlier);
  }
  return due;
}
