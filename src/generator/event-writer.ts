import type { EventTypeName } from '../schema/contract.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { DrawnSession, SyntheticEvent } from './draw-events.ts';
import type { Money } from './game.ts';
import type { LineFormat } from './line-format.ts';
import type { SyntheticPlayer } from './player.ts';
import { remember } from './remember.ts';

/** More than any good line takes: its names are at most 60 characters each. */
const LINE_BYTES = 2048;
const ROOM_FOR_ID = ' '.repeat(36);
const ROOM_FOR_TIME = 'HH:MM:SS.mmm';
/** More than the end of a line takes, from the field of its session's id on. */
const END_BYTES = 128;
/** Bytes of `YYYY-MM-DDT`. */
const DATE_BYTES = 11;

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

/** Writes good events as lines of a format; what stays the same from line to line is kept as bytes. */
export class EventWriter {
  private readonly format: LineFormat;
  private readonly won: Uint8Array;
  private readonly lost: Uint8Array;
  /** For each type, what stands from the type to its properties, on a day, with room for the time. */
  private readonly middlesOf: (dayNumber: number) => Readonly<Record<EventTypeName, Uint8Array>>;
  private readonly aboutOf = remember((text: string) => this.encode(text));
  private readonly versionOf = remember((name: string) => this.encode(`,"app_version":"${name}`));
  private readonly productOf = remember((name: string) =>
    this.encode(`,"currency":"USD","product_id":"${name}`),
  );
  private readonly placementOf = remember((name: string) => this.encode(`,"placement":"${name}`));
  private player: SyntheticPlayer | null = null;
  /** A line of the player up to its type, with room for the event's id. */
  private start = new Uint8Array();
  /** Country and platform of the player. */
  private about = new Uint8Array();
  private session: DrawnSession | null = null;
  /** The end of a line of the session, from the field of its id on: after a text, and after anything else. */
  private readonly end = new ByteBuffer(END_BYTES);
  private readonly afterText: Uint8Array;
  private readonly afterOther: Uint8Array;
  private readonly sessionAt: number;

  constructor(format: LineFormat, dateOf: (dayNumber: number) => string) {
    const { afterType, toProperties, close } = format.frame;
    this.format = format;
    this.middlesOf = remember((dayNumber) =>
      mapTypes((type) => {
        const stamp = `${type}${afterType}${dateOf(dayNumber)}T${ROOM_FOR_TIME}Z`;
        return this.encode(openings[type], `${stamp}${toProperties}`);
      }),
    );
    this.won = this.encode(',"success":true,"time_spent":');
    this.lost = this.encode(',"success":false,"time_spent":');
    this.end.put(this.encode('","session_id":"'));
    this.sessionAt = this.end.size;
    this.end.text(ROOM_FOR_ID);
    this.end.put(this.encode('"}'));
    this.end.text(close);
    this.afterText = this.end.bytes.subarray(0, this.end.size);
    this.afterOther = this.afterText.subarray(format.quote.length);
  }

  /** Writes an event as it stands at a time, in milliseconds after midnight, of a day, with what it says of money. */
  write(out: ByteBuffer, event: SyntheticEvent, dayNumber: number, at: number, money: Money): void {
    const { type, bits, session } = event;
    const { open, afterType } = this.format.frame;
    if (session !== this.session) this.enter(session);
    out.reserve(LINE_BYTES);
    const idAt = out.size + open.length;
    out.put(this.start);
    out.uuidAt(idAt, bits);
    const timeAt = out.size + type.length + afterType.length + DATE_BYTES;
    out.put(this.middlesOf(dayNumber)[type]);
    out.timeAt(timeAt, at);
    if (type === 'player_registered') this.writeRegistration(out, session);
    else out.put(this.writeProperties(out, event, money));
  }

  /** Writes the properties up to the session's id, and returns what comes from there on. */
  private writeProperties(out: ByteBuffer, event: SyntheticEvent, money: Money): Uint8Array {
    const { afterText, afterOther } = this;
    switch (event.type) {
      case 'session_start':
        out.put(this.about);
        out.put(this.versionOf(event.session.version));
        return afterText;
      case 'session_end':
        out.whole(event.length);
        return afterOther;
      case 'level_complete':
        out.whole(event.level);
        out.put(event.won ? this.won : this.lost);
        out.decimal(event.length, 10);
        return afterOther;
      case 'purchase':
        out.decimal(money, 10_000);
        out.put(this.productOf(event.name));
        return afterText;
      case 'ad_watched':
        out.decimal(money, 10_000);
        out.put(this.placementOf(event.name));
        return afterText;
      default:
        out.whole(event.level);
        return event.type === 'level_start' ? afterOther : afterText;
    }
  }

  private writeRegistration(out: ByteBuffer, { player, version }: DrawnSession): void {
    out.put(this.about);
    out.put(this.encode(`,"source":"${player.source}","app_version":"${version}"}`));
    out.text(this.format.frame.close);
  }

  private enter(session: DrawnSession): void {
    const { open, afterId, afterPlayer } = this.format.frame;
    const { player, bits } = session;
    this.session = session;
    this.end.uuidAt(this.sessionAt, bits);
    if (player === this.player) return;
    this.player = player;
    this.start = Buffer.from(`${open}${ROOM_FOR_ID}${afterId}${player.id}${afterPlayer}`);
    this.about = this.aboutOf(`"country":"${player.country.code}","platform":"${player.platform}"`);
  }

  /** A piece of the properties, after what stands before them. */
  private encode(text: string, before = ''): Uint8Array<ArrayBuffer> {
    return Buffer.from(`${before}${text.replaceAll('"', this.format.quote)}`);
  }
}

function mapTypes<T>(make: (type: EventTypeName) => T): Record<EventTypeName, T> {
  const types = Object.keys(openings) as EventTypeName[];
  return Object.fromEntries(types.map((type) => [type, make(type)])) as Record<EventTypeName, T>;
}
