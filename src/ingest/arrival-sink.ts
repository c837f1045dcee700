import { type ReasonCode, reasonCodes } from '../domain/reason.ts';
import { topLevelFields } from '../schema/contract.ts';
import type { AcceptedRows } from './accepted-rows.ts';
import { type CsvRow, care } from './csv-row.ts';
import { unreadable } from './decompress.ts';
import { type ClassifyRules, EventJudge, slots } from './judge-event.ts';
import { LineTally } from './line-tally.ts';
import type { Quarantine } from './quarantine.ts';
import type { CsvSink } from './scan-csv.ts';
import type { LineSink } from './scan-lines.ts';
import type { AsideRecord, Place } from './scan-records.ts';
import { writeEvent } from './write-event.ts';

const columnNames = [...topLevelFields, 'properties'];

/** Where the records of an arrival's objects become accepted rows or quarantined lines, each counted once. */
export class ArrivalSink implements LineSink, CsvSink {
  readonly tally = new LineTally();
  superseded = 0;
  private readonly judge: EventJudge;
  private readonly accepted: AcceptedRows;
  private readonly quarantine: Quarantine;
  private readonly counts = new Map<ReasonCode, number>();
  private object = '';
  private replaced: ReadonlyMap<number, string> = new Map();
  /** By column of the object at hand, the slot it goes into, or what it is called when the contract has no such field. */
  private columns: readonly (number | string)[] = [];

  constructor(rules: ClassifyRules, accepted: AcceptedRows, quarantine: Quarantine) {
    this.judge = new EventJudge(rules);
    this.accepted = accepted;
    this.quarantine = quarantine;
  }

  /** Rejected lines by reason, in the order of the reasons. */
  get rejected(): Partial<Record<ReasonCode, number>> {
    return Object.fromEntries(
      reasonCodes.flatMap((reason) => {
        const lines = this.counts.get(reason);
        return lines === undefined ? [] : [[reason, lines]];
      }),
    );
  }

  /** The records that come from here on are this object's. */
  beginObject(key: string, superseded: ReadonlyMap<number, string> = new Map()): void {
    this.object = key;
    this.replaced = superseded;
    this.columns = [];
  }

  line(bytes: Buffer, start: number, end: number, place: Readonly<Place>): void {
    if (this.replaced.has(place.lineNumber)) return this.supersede(bytes.subarray(start, end), place);
    const { judge } = this;
    if (judge.reader.read(bytes, start, end)) this.settle(bytes, start, end, place);
    else this.reject('malformed', judge.reader.fault, bytes.subarray(start, end), place);
  }

  header(names: readonly string[] | null): void {
    const key = this.object;
    const expected = `Expected a first line with the columns ${columnNames.join(', ')}`;
    if (names === null) throw unreadable(key, `${key} does not begin with a line of CSV. ${expected}.`);
    const twice = names.find((name, n) => names.indexOf(name) !== n);
    if (twice !== undefined)
      throw unreadable(
        key,
        `The header of ${key} has the column ${JSON.stringify(twice)} twice. ${expected}, each once.`,
      );
    const missing = columnNames.filter((name) => !names.includes(name));
    if (missing.length === columnNames.length)
      throw unreadable(key, `${key} has no header: its first line has none of the columns. ${expected}.`);
    if (missing.length > 0)
      throw unreadable(key, `The header of ${key} has no column ${missing.join(', ')}. ${expected}.`, {
        missing,
      });
    this.columns = names.map((name) =>
      columnNames.includes(name) ? columnNames.indexOf(name) : `field ${name}`,
    );
  }

  row(row: CsvRow, source: Buffer, start: number, end: number, place: Readonly<Place>): void {
    if (this.replaced.has(place.lineNumber)) return this.supersede(source.subarray(start, end), place);
    const { reader } = this.judge;
    reader.begin(row.bytes);
    if (!this.placeColumns(row)) {
      this.reject('malformed', `properties is ${reader.fault}`, source.subarray(start, end), place);
    } else this.settle(source, start, end, place);
  }

  setAside(line: AsideRecord): void {
    if (this.replaced.has(line.lineNumber)) this.supersede(line.raw, line, line.rawBytes);
    else this.reject(line.reason, line.detail, line.raw, line, line.rawBytes);
  }

  /** The fields of a row into the reader's slots, an empty one as absent; false when its `properties` are not JSON. */
  private placeColumns(row: CsvRow): boolean {
    const { reader } = this.judge;
    let isRead = true;
    for (let n = 0; n < this.columns.length; n += 1) {
      const [column, start, end] = [
        this.columns[n] as number | string,
        row.starts[n] as number,
        row.ends[n] as number,
      ];
      if (start === end) continue;
      if (typeof column === 'string') reader.unknown.add(column);
      else if (column === slots.properties) isRead = reader.readContainer(start, end);
      else reader.placeText(column, start, end, row.care[n] ?? care.none);
    }
    return isRead;
  }

  private settle(bytes: Buffer, start: number, end: number, place: Readonly<Place>): void {
    const { judge } = this;
    const isAccepted = judge.judge();
    this.tally.add(judge, isAccepted);
    if (isAccepted) {
      writeEvent(judge, this.accepted.writer, end - start);
      this.accepted.endRow();
    } else this.reject(judge.reason, judge.detail, bytes.subarray(start, end), place);
  }

  private supersede(raw: Buffer, { lineNumber, byteOffset }: Readonly<Place>, rawBytes = raw.length): void {
    const detail = `replaced by ${this.replaced.get(lineNumber)}`;
    this.superseded += 1;
    const { object } = this;
    this.quarantine.add({ object, lineNumber, byteOffset, reason: 'superseded', detail, raw, rawBytes });
  }

  private reject(
    reason: ReasonCode,
    detail: string,
    raw: Buffer,
    { lineNumber, byteOffset }: Readonly<Place>,
    rawBytes = raw.length,
  ): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    this.quarantine.add({ object: this.object, lineNumber, byteOffset, reason, detail, raw, rawBytes });
  }
}
