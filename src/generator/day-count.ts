import { type DefectKind, defectKinds } from '../domain/game-model.ts';
import type { ReasonCode } from '../domain/reason.ts';
import { DayTally } from './day-tally.ts';
import { rejectedFor } from './fate.ts';
import { moneyWritten } from './land-event.ts';
import type { SyntheticPlayer } from './player.ts';
import type { FatedEvent, Simulation } from './simulation.ts';

/** What lands on an arrival day, as far as it was written. */
export interface ArrivalCount {
  /** Lines with an event, whatever became of it. */
  lines: number;
  accepted: number;
  readonly rejected: Map<ReasonCode, number>;
  /** Accepted lines by event day, from the launch. */
  readonly acceptedByEventDay: Map<number, number>;
  /** Events that came with each defect. */
  readonly defects: Record<DefectKind, number>;
}

/** Everything that is counted of one day while its events are made. */
export class DayCount {
  readonly dayNumber: number;
  /** The UTC day as it happened. */
  readonly simulated = new DayTally();
  /** The UTC day as its rows come out, once everything of it has landed. */
  readonly expected = new DayTally();
  /** Accepted rows of the UTC day that repeat another, once everything of it has landed. */
  readonly duplicates = { exact: 0, conflicting: 0 };
  readonly arrival: ArrivalCount = {
    lines: 0,
    accepted: 0,
    rejected: new Map(),
    acceptedByEventDay: new Map(),
    defects: Object.fromEntries(defectKinds.map((kind) => [kind, 0])) as Record<DefectKind, number>,
  };
  /** Whether the day's objects can be read to their end. */
  readonly readable: boolean;
  private readonly amountFactor: number;

  constructor(simulation: Simulation, dayNumber: number) {
    this.dayNumber = dayNumber;
    this.readable = simulation.scenario?.cutOff !== true;
    this.amountFactor = simulation.scenario?.amountFactor ?? 1;
  }

  /** Counts what happened to a player that day, and tells whether he was active and whether he paid. */
  addPlayer(player: SyntheticPlayer, events: readonly FatedEvent[]): { active: boolean; paid: boolean } {
    for (const { event, fate, opens, opensAccepted } of events) {
      if (fate.eventDay !== this.dayNumber) continue;
      this.simulated.addEvent(event, event.money, opens);
      if (!fate.accepted) continue;
      this.expected.addEvent(event, moneyWritten(event, fate, this.amountFactor), opensAccepted);
      if (fate.defect === 'exactDuplicate') this.duplicates.exact += 1;
      if (fate.defect === 'conflictingDuplicate') this.duplicates.conflicting += 1;
    }
    this.expected.endPlayer(player, this.dayNumber);
    return this.simulated.endPlayer(player, this.dayNumber);
  }

  /** Counts an event that landed that day as `lines` lines. */
  addLanded({ fate }: FatedEvent, lines: number): void {
    const { arrival } = this;
    arrival.lines += lines;
    if (fate.defect !== null) arrival.defects[fate.defect] += 1;
    const reason = fate.defect === null ? null : rejectedFor[fate.defect];
    if (reason !== null && this.readable) addTo(arrival.rejected, reason, lines);
    if (!fate.accepted) return;
    arrival.accepted += lines;
    addTo(arrival.acceptedByEventDay, fate.eventDay, lines);
  }
}

function addTo<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
