import type { Day } from '../../src/domain/day.ts';
import { keys } from '../../src/storage/keys.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { toLines } from './events.ts';

interface MoreEvent {
  readonly event_type: string;
  readonly properties: object;
  /** That of all others when it is not given. */
  readonly timestamp?: string;
}

/** Lines of a day that its gate lets pass, and further events; `tag` makes them other events. */
export function makeGoodDay(day: string, tag = 'a', ...more: readonly MoreEvent[]): Buffer {
  const event = (n: number, event_type: string, properties: object, timestamp = `${day}T10:00:00Z`) => ({
    event_id: `${day}-${tag}-${n}`,
    player_id: `p-${n % 7}`,
    event_type,
    timestamp,
    properties,
  });
  return toLines([
    ...Array.from({ length: 120 }, (_, n) => event(n, 'level_start', { level: 1 })),
    event(200, 'session_start', { session_id: 's' }),
    event(201, 'session_end', { session_id: 's' }),
    ...more.map(({ event_type, properties, timestamp }, n) =>
      event(202 + n, event_type, properties, timestamp),
    ),
  ]);
}

/** Lands lines as an object of a day; those of a good day when none are given. */
export async function landObject(
  store: ObjectStore,
  day: string,
  name: string,
  lines: Buffer = makeGoodDay(day, name),
): Promise<void> {
  await store.write(keys.rawObject(day as Day, `${name}.ndjson`), lines);
}
