import { addDays } from '../domain/day.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { SyntheticEvent } from './draw-events.ts';
import { EventWriter } from './event-writer.ts';
import type { Fate } from './fate.ts';
import { DAY_MS, type Money } from './game.ts';
import { type LineFormat, lineFormats } from './line-format.ts';
import type { LinePool } from './line-pool.ts';
import {
  addPadding,
  addUnknownProperty,
  chooseField,
  type EventRecord,
  negate,
  renameType,
  spoilType,
  takeField,
} from './record.ts';
import type { Scenario } from './scenarios.ts';
import type { Simulation } from './simulation.ts';

/** Amounts from which a purchase is absurd. */
const ABSURD: Money = 1_000_000 * 10_000;

/** What a purchase or ad says that it came to: what it did, unless its amount is absurd or a bug multiplies it. */
export function moneyWritten(event: SyntheticEvent, fate: Fate, amountFactor: number): Money {
  if (fate.defect === 'absurdAmount') return ABSURD * (1 + Math.floor(fate.dice * 9));
  return event.type === 'purchase' ? event.money * amountFactor : event.money;
}

/** Turns events into the lines that land of them. */
export class EventLander {
  private readonly pool: LinePool;
  private readonly format: LineFormat;
  private readonly writer: EventWriter;
  private readonly plainWriter: EventWriter;
  private readonly plain = new ByteBuffer();
  private readonly oversizedBytes: number;
  private readonly scenario: Scenario | null;

  constructor(pool: LinePool, { spec, scenario }: Simulation) {
    const { launchDay, oversizedBytes } = spec.model;
    const dateOf = (dayNumber: number) => addDays(launchDay, dayNumber);
    this.pool = pool;
    this.format = lineFormats[spec.output.format];
    this.writer = new EventWriter(this.format, dateOf);
    this.plainWriter = new EventWriter(lineFormats.ndjson, dateOf);
    this.oversizedBytes = oversizedBytes;
    this.scenario = scenario;
  }

  /** Adds what lands of an event to the pool, and says how many lines that is. */
  land(event: SyntheticEvent, fate: Fate, money: Money): number {
    const { defect, dice, eventDay } = fate;
    const at = event.at < DAY_MS ? event.at : event.at - DAY_MS;
    switch (defect) {
      case null:
      case 'late':
      case 'absurdAmount':
        this.addGood(event, eventDay, at, money, at);
        return 1;
      case 'future':
        this.addGood(event, eventDay + 2 + Math.floor(dice * 29), at, money, at);
        return 1;
      case 'tooLate':
        this.addGood(event, eventDay - 10 - Math.floor(dice * 31), at, money, at);
        return 1;
      case 'exactDuplicate':
      case 'conflictingDuplicate': {
        const other = at === DAY_MS - 1 ? at - 1 : at + 1;
        const repeated = defect === 'exactDuplicate' ? at : other;
        this.addGood(event, eventDay, at, money, at);
        this.addGood(event, eventDay, repeated, money, at + 1 + Math.floor(dice * 60_000));
        return 2;
      }
      default:
        this.pool.out.text(this.spoil(event, fate, at, money));
        this.pool.endLine(at);
        return 1;
    }
  }

  private addGood(event: SyntheticEvent, dayNumber: number, at: number, money: Money, landsAt: number): void {
    this.writer.write(this.pool.out, event, dayNumber, at, money);
    this.pool.endLine(landsAt);
  }

  private spoil(event: SyntheticEvent, { defect, dice, eventDay }: Fate, at: number, money: Money): string {
    const { format, plain } = this;
    plain.size = 0;
    this.plainWriter.write(plain, event, eventDay, at, money);
    const record = JSON.parse(plain.toString()) as EventRecord;
    const line = format.write(record);
    const { player } = event.session;
    switch (defect) {
      case 'malformed':
        return format.garble(line, dice);
      case 'truncated':
        return format.cut(line, dice);
      case 'badEncoding':
        return line.replace(player.id, `${player.id.slice(0, 8)}\u00ff${player.id.slice(9)}`);
      case 'oversized':
        addPadding(record, 0);
        addPadding(record, Math.max(0, this.oversizedBytes - format.write(record).length));
        break;
      case 'missingField':
        takeField(record, chooseField(event.type, dice), undefined);
        break;
      case 'nullField':
        takeField(record, this.scenario?.nulledField ?? chooseField(event.type, dice), null);
        break;
      case 'wrongType':
        spoilType(record, dice);
        break;
      case 'unknownType':
        renameType(record, dice);
        break;
      case 'outOfRange':
        negate(record, event.type);
        break;
      default:
        addUnknownProperty(record, dice);
    }
    return format.write(record);
  }
}
