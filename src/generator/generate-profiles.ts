import { addDays } from '../domain/day.ts';
import type { Simulation } from './simulation.ts';

const PLAYERS_A_CHUNK = 1024;

/** The profiles of all players of a simulation as chunks of NDJSON, in the order of their index. */
export function* generateProfiles(simulation: Simulation): Generator<Buffer> {
  const { players, launchDay } = simulation.spec.model;
  for (let first = 0; first < players; first += PLAYERS_A_CHUNK) {
    let text = '';
    for (let index = first; index < Math.min(first + PLAYERS_A_CHUNK, players); index += 1) {
      const { id, acquiredOn, segment, country, platform, source } = simulation.playerOf(index);
      const profile = {
        player_id: id,
        acquisition_date: addDays(launchDay, acquiredOn),
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
