import { addDays, type Day, type DayRange } from '../../src/domain/day.ts';
import { keys } from '../../src/storage/keys.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { landDays } from '../support/synthetic.ts';
import type { Bucket } from './servers.ts';

/** Days before the late file's arrival that its events belong to: the first is complete by then, the other is not. */
const LATENESS = [3, 1];
const LATE_PLAYERS = 6;

/**
 * Lands what a chapter's stage brings, and returns the days to run: stage 0 every day of the game, each later one a late file
 * on the first of the month for event days of the month before, so that its commit changes the documents of both.
 */
export async function landStage(
  { store, config }: Bucket,
  stage: number,
  days: readonly Day[],
): Promise<DayRange> {
  const [first, last] = [days[0] as Day, days.at(-1) as Day];
  if (stage === 0) {
    await landDays(store, config, days.length);
    return { from: first, to: last };
  }
  const arrival = days.find((day) => day.endsWith('-01')) as Day;
  await store.write(keys.rawObject(arrival, `late-${stage}.ndjson`), lateLines(arrival, stage));
  return { from: arrival, to: arrival };
}

function lateLines(arrival: Day, stage: number): Buffer {
  const events = LATENESS.flatMap((late) =>
    Array.from({ length: LATE_PLAYERS }, (_, n) =>
      makeEvent({
        event_id: `late-${stage}-${arrival}-${late}-${n}`,
        player_id: `late-player-${n}`,
        timestamp: `${addDays(arrival, -late)}T12:0${n}:00Z`,
      }),
    ),
  );
  return toLines(events);
}
