import type { EventTypeName } from '../schema/contract.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { DrawnSession, SyntheticEvent } from './draw-events.ts';
import type { Money } from './game.ts';
import type { LineFormat } from './line-format.ts';
import type { SyntheticPlayer } from './player.ts';
import { remember } from './remember.ts';

/** More than any good line takes: its names are at most 60 characters each. */
const LINE_BYTES = 2048;
const UUID_BYTES = 36;

/** How the properties of each type begin. */
const openings: Readonly<Record<EventTypeName, string>> = {
  player_registered: '{',
  session_start: '{',
  session_end: '{"duration_s":',
  level_start: '{"level":',
  level_complete: '{"level":',
  purchase: '{"amount":',
  ad_watched: '{"revenue":',
  achievement_unlocked: '{"achievement_id":"level_',
};

/** What the lines of one player share, as bytes. */
interface PlayerBytes {
  /** The id with what stands around it. */
  readonly id: Uint8Array;
  /** Country and platform. */
  readonly about: Uint8Array;
}

/** Writes good events as lines of a format; what stays the same from line to line is kept as bytes. */
export class EventWriter {
  private readonly format: LineFormat;
  private readonly open: Uint8Array;
  private readonly openings: Readonly<Record<EventTypeName, Uint8Array>>;
  private readonly session: Uint8Array;
  private readonly sessionAfterText: Uint8Array;
  /** The session's id and what ends a line after it. */
  private readonly sessionEnd: Uint8Array;
  private readonly won: Uint8Array;
  private readonly lost: Uint8Array;
  /** For each type, what stands from the type to the time, on a day. */
  private readonly stampsOf: (dayNumber: number) => Readonly<Record<EventTypeName, Uint8Array>>;
  private readonly aboutOf = remember((text: string) => this.encode(text));
  private readonly versionOf = remember((name: string) => this.encode(`,"app_version":"${name}`));
  private readonly productOf = remember((name: string) =>
    this.encode(`,"currency":"USD","product_id":"${name}`),
  );
  private readonly placementOf = remember((name: string) => this.encode(`,"placement":"${name}`));
  private readonly scratch = new ByteBuffer(UUID_BYTES);
  private lastSession: DrawnSession | null = null;
  private player: SyntheticPlayer | null = null;
  private own: PlayerBytes = { id: new Uint8Array(), about: new Uint8Array() };

  constructor(format: LineFormat, dateOf: (dayNumber: number) => string) {
    this.format = format;
    this.stampsOf = remember((dayNumber) =>
      mapTypes((type) => Buffer.from(`${type}${format.frame.afterType}${dateOf(dayNumber)}T`)),
    );
    const { open, toProperties, close } = format.frame;
    this.open = Buffer.from(open);
    this.openings = mapTypes((type) => this.encode(openings[type], `Z${toProperties}`));
    this.session = this.encode(',"session_id":"');
    this.sessionAfterText = this.encode('","session_id":"');
    this.sessionEnd = Buffer.concat([Buffer.alloc(UUID_BYTES), this.encode('"}'), Buffer.from(close)]);
    this.won = this.encode(',"success":true,"time_spent":');
    this.lost = this.encode(',"success":false,"time_spent":');
  }

  /** Writes an event as it stands at a time, in milliseconds after midnight, of a day, with what it says of money. */
  write(out: ByteBuffer, event: SyntheticEvent, dayNumber: number, at: number, money: Money): void {
    const { type, bits, session } = event;
    if (session.player !== this.player) this.enter(session.player);
    out.reserve(LINE_BYTES);
    out.put(this.open);
    out.uuid(bits);
    out.put(this.own.id);
    out.put(this.stampsOf(dayNumber)[type]);
    out.time(at);
    out.put(this.openings[type]);
    if (type === 'player_registered') return this.writeRegistration(out, event);
    out.put(this.writeProperties(out, event, money));
    if (session !== this.lastSession) this.enterSession(session);
    out.put(this.sessionEnd);
  }

  /** Writes the properties up to the session's id, and returns what leads to that. */
  private writeProperties(out: ByteBuffer, event: SyntheticEvent, money: Money): Uint8Array {
    switch (event.type) {
      case 'session_start':
        out.put(this.own.about);
        out.put(this.versionOf(event.session.version));
        return this.sessionAfterText;
      case 'session_end':
        out.whole(event.length);
        return this.session;
      case 'level_complete':
        out.whole(event.level);
        out.put(event.won ? this.won : this.lost);
        out.decimal(event.length, 10);
        return this.session;
      case 'purchase':
        out.decimal(money, 10_000);
        out.put(this.productOf(event.name));
        return this.sessionAfterText;
      case 'ad_watched':
        out.decimal(money, 10_000);
        out.put(this.placementOf(event.name));
        return this.sessionAfterText;
      default:
        out.whole(event.level);
        return event.type === 'level_start' ? this.session : this.sessionAfterText;
    }
  }

  private writeRegistration(out: ByteBuffer, { session }: SyntheticEvent): void {
    out.put(this.own.about);
    out.put(this.encode(`,"source":"${session.player.source}","app_version":"${session.version}"}`));
    out.text(this.format.frame.close);
  }

  private enterSession(session: DrawnSession): void {
    this.lastSession = session;
    this.scratch.size = 0;
    this.scratch.uuid(session.bits);
    this.sessionEnd.set(this.scratch.bytes.subarray(0, UUID_BYTES));
  }

  private enter(player: SyntheticPlayer): void {
    const { afterId, afterPlayer } = this.format.frame;
    const about = this.aboutOf(`"country":"${player.country.code}","platform":"${player.platform}"`);
    this.player = player;
    this.own = { id: Buffer.from(`${afterId}${player.id}${afterPlayer}`), about };
  }

  /** A piece of the properties, after what stands before them. */
  private encode(text: string, before = ''): Uint8Array {
    return Buffer.from(`${before}${text.replaceAll('"', this.format.quote)}`);
  }
}

function mapTypes<T>(make: (type: EventTypeName) => T): Record<EventTypeName, T> {
  const types = Object.keys(openings) as EventTypeName[];
  return Object.fromEntries(types.map((type) => [type, make(type)])) as Record<EventTypeName, T>;
}
