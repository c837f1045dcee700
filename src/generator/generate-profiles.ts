import { addDays } from '../domain/day.ts';
import { drawPlayer, planAcquisition } from './player.ts';
import type { GeneratorSpec } from './spec.ts';

/** The profiles of all players of a spec as chunks of NDJSON, in the order of their index. */
export function* generateProfiles(spec: GeneratorSpec): Generator<Buffer> {
  const acquisition = planAcquisition(spec);
  for (let first = 0; first < spec.players; first += 256) {
    let text = '';
    for (let index = first; index < Math.min(first + 256, spec.players); index += 1) {
      const { id, acquiredOn, segment, country, platform, source } = drawPlayer(
        spec.seed,
        index,
        acquisition,
      );
      const profile = {
        player_id: id,
        acquisition_date: addDays(spec.launchDay, acquiredOn),
        segment: segment.name,
        country: country.code,
        platform,
        source,
      };
      text += `${JSON.stringify(profile)}\n`;
    }
    yield Buffer.from(text);
  }
}
