import type { LazyDataFrame } from 'nodejs-polars';
import { addDays, type Day } from '../../../src/domain/day.ts';
import { linkActivity } from '../../../src/transforms/activity.ts';
import { dayStatesFrame } from '../../../src/transforms/calendar.ts';
import { aggregatePlayerDays } from '../../../src/transforms/player-days.ts';
import { buildPlayers } from '../../../src/transforms/players.ts';
import { buildSessions } from '../../../src/transforms/sessions.ts';
import { type CleanEvent, eventFrame } from './event-frame.ts';
import { type Profile, profileFrame } from './profile-frame.ts';

/** Which days are known, from the first on, and what profiles say. */
export interface WorldOptions {
  readonly first: Day;
  readonly count: number;
  /** Days not complete, by their number from the first. */
  readonly incomplete?: readonly number[];
  readonly profiles?: Readonly<Record<string, Profile>>;
}

/** What tables by cohort are made from, and the published tables that their SQL reads. */
export interface CohortWorld {
  readonly activity: LazyDataFrame;
  readonly players: LazyDataFrame;
  readonly dayStates: LazyDataFrame;
  readonly published: Readonly<Record<string, LazyDataFrame>>;
}

/** A world of these events; each of its days is known, with events or without. */
export async function buildCohortWorld(
  events: readonly CleanEvent[],
  { first, count, incomplete = [], profiles = {} }: WorldOptions,
): Promise<CohortWorld> {
  const collected = async (frame: LazyDataFrame) => (await frame.collect()).lazy();
  const cleaned = await collected(eventFrame(events));
  const playerDays = await collected(aggregatePlayerDays(cleaned));
  const states = Array.from({ length: count }, (_, n) => ({
    day: addDays(first, n),
    complete: !incomplete.includes(n),
    settled: false,
    hasRows: true,
  }));
  const dayStates = dayStatesFrame(states).lazy();
  const players = await collected(buildPlayers(playerDays, noSessions(), profileFrame(profiles), dayStates));
  return {
    activity: await collected(linkActivity(playerDays, players)),
    players,
    dayStates,
    published: { events_cleaned: cleaned, players, daily_metrics: dayStates },
  };
}

/** Cohorts do not depend on sessions. */
function noSessions(): LazyDataFrame {
  const none = eventFrame([]);
  return buildSessions(none, none, none, { day: '2026-01-01' as Day, nextIsComplete: true });
}
