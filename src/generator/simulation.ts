import { type DrawnSession, drawEvents, type SyntheticEvent } from './draw-events.ts';
import { type Fate, MOST_DAYS_LATE, Perils } from './fate.ts';
import { type Game, prepareGame } from './game.ts';
import { LinePool } from './line-pool.ts';
import { firstStanding, type PlayedDay, playDay, type Standing } from './play.ts';
import { drawPlayer, type SyntheticPlayer } from './player.ts';
import { openStream } from './random.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import type { GeneratorSpec } from './spec.ts';

/** An event with what becomes of it. */
export interface FatedEvent {
  readonly event: SyntheticEvent;
  readonly fate: Fate;
  /** Whether a session begins with it, as it happened. */
  readonly opens: boolean;
  /** Whether one begins with it when only accepted events are seen: rule 14 of the design's semantics. */
  readonly opensAccepted: boolean;
}

interface Life {
  readonly player: SyntheticPlayer;
  /** The next day to be played. */
  day: number;
  standing: Standing;
  /** Events of days that were played which concern a later day. */
  carried: readonly FatedEvent[];
}

const IDLE_MS = 30 * 60_000;
/** A day's lines are of sessions of so many days before at most: late ones, of a session that began the day before. */
const DAYS_BACK = MOST_DAYS_LATE + 1;

/**
 * The lives of a spec's players, played day by day. Days in order are cheap; any other day plays the player's days before
 * it again, to the same end.
 */
export class Simulation {
  readonly spec: GeneratorSpec;
  readonly game: Game;
  readonly scenario: Scenario | null;
  /** Where the lines of the file at hand wait for their order; one for all files, since large buffers are dear to make. */
  readonly pool = new LinePool();
  private readonly perils: Perils;
  private readonly lives: Life[] = [];

  constructor(spec: GeneratorSpec) {
    this.spec = spec;
    this.game = prepareGame(spec.model);
    this.scenario = spec.scenario === null ? null : scenarios[spec.scenario];
    this.perils = new Perils(spec.model.defects, this.scenario);
  }

  /** The player of an index. */
  playerOf(index: number): SyntheticPlayer {
    return this.lifeOf(index).player;
  }

  /** All events of a player that happened on a day or land on it, those of earlier days first. */
  eventsOf(index: number, dayNumber: number): readonly FatedEvent[] {
    const life = this.lifeOf(index);
    const { acquiredOn, leavesOn } = life.player;
    if (dayNumber < acquiredOn || dayNumber >= leavesOn + DAYS_BACK) return nothing;
    if (dayNumber < life.day) this.restart(life);
    while (life.day < dayNumber - DAYS_BACK) this.playOn(life);
    while (life.day < dayNumber) life.carried = concerning(life.day + 1, this.drawDay(life));
    const events = this.drawDay(life);
    life.carried = concerning(life.day, events);
    return events.filter(({ fate }) => fate.eventDay === dayNumber || fate.arrivalDay === dayNumber);
  }

  private lifeOf(index: number): Life {
    const known = this.lives[index];
    if (known !== undefined) return known;
    const player = drawPlayer(this.game, this.spec.seed, index);
    const life = { player, day: player.acquiredOn, standing: firstStanding, carried: nothing };
    this.lives[index] = life;
    return life;
  }

  private restart(life: Life): void {
    life.day = life.player.acquiredOn;
    life.standing = firstStanding;
    life.carried = nothing;
  }

  /** Plays the next day without its events. */
  private playOn(life: Life): PlayedDay {
    const played = playDay(this.game, this.spec.seed, life.player, life.day, life.standing);
    life.standing = played.after;
    life.day += 1;
    return played;
  }

  /** Plays the next day; what was carried to it, and its events. */
  private drawDay(life: Life): readonly FatedEvent[] {
    const { seed } = this.spec;
    const { player, day, carried } = life;
    const played = this.playOn(life);
    if (played.sessions.length === 0) return carried;
    const random = openStream(seed, player.index, 'defects', day);
    const drawn: FatedEvent[] = [];
    let session: DrawnSession | null = null;
    let seenAt: number | null = null;
    for (const event of drawEvents(this.game, seed, player, day, played)) {
      const opens = event.session !== session;
      if (opens) [session, seenAt] = [event.session, null];
      const fate = this.perils.drawFate(event, day, player.index, random);
      const opensAccepted = fate.accepted && (seenAt === null || event.at - seenAt > IDLE_MS);
      if (fate.accepted) seenAt = event.at;
      drawn.push({ event, fate, opens, opensAccepted });
    }
    return carried.length === 0 ? drawn : [...carried, ...drawn];
  }
}

const nothing: readonly FatedEvent[] = [];

/** Those that happened, or land, on the day or later. */
function concerning(dayNumber: number, events: readonly FatedEvent[]): readonly FatedEvent[] {
  const later = events.filter(
    ({ fate }) => fate.eventDay >= dayNumber || (fate.arrivalDay !== null && fate.arrivalDay >= dayNumber),
  );
  return later.length === 0 ? nothing : later;
}
