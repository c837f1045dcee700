import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { type ArrivalLedger, imbalanceOfArrival, type RowsByEventDay, sum } from '../domain/ledger.ts';
import type { ArrivalMeasures } from '../domain/measures.ts';
import type { DuckDb, DuckDbLimits } from '../engine/duckdb.ts';
import { borrowDuckDb } from '../engine/lent-duckdb.ts';
import { type AcceptedPart, AcceptedRows } from './accepted-rows.ts';
import { ArrivalSink } from './arrival-sink.ts';
import { decompress, unreadable } from './decompress.ts';
import type { ClassifyRules } from './judge-event.ts';
import { measureRows } from './measure-rows.ts';
import { Quarantine } from './quarantine.ts';
import { formatOf } from './raw-format.ts';
import { CsvScanner } from './scan-csv.ts';
import { LineScanner } from './scan-lines.ts';
import { scanRecords } from './scan-records.ts';

/** One raw object to read; `open` gives its bytes as they are stored. */
export interface RawObject {
  readonly key: string;
  open(): Promise<Readable>;
  /** 1-based lines that a later object replaces → key of that object. */
  readonly superseded?: ReadonlyMap<number, string>;
}

/** Rules of reading. */
export interface ReadRules extends ClassifyRules {
  readonly maxLineBytes: number;
  readonly baseCurrency: string;
  /** Decimal as text or number, in the base currency. */
  readonly outlierAmount: number | string;
}

/** What an arrival's lines became. Files are Parquet in the scratch folder. */
export interface ReadArrival {
  /** In the order of the lines; one at least. */
  readonly acceptedParts: readonly AcceptedPart[];
  readonly quarantineFile: string;
  readonly ledger: ArrivalLedger;
  readonly acceptedByEventDay: RowsByEventDay;
  readonly measures: ArrivalMeasures;
  /** Uncompressed. */
  readonly bytes: number;
  /** What each object held, in the order in which they were given; `bytes` uncompressed. */
  readonly objects: readonly { readonly key: string; readonly lines: number; readonly bytes: number }[];
}

/** Told after every block of about 1 MiB: lines and uncompressed bytes so far. */
export type OnProgress = (lines: number, bytes: number) => void;

const KEPT_WHOLE = 16 * 1024 ** 2;
const KEPT_OF_LONGER = 65_536;

/**
 * Reads all raw objects of an arrival into accepted rows and quarantined lines. Memory is bounded whatever the size of the objects.
 * Lines are counted as they are cut, and rows by DuckDB once they are stored: a difference is an `AuditError`. An object that can't be
 * read is an `UnreadableObject`; what `open` or its stream throws is thrown as it is.
 */
export async function readArrival(
  objects: readonly RawObject[],
  rules: ReadRules,
  scratch: string,
  limits: DuckDbLimits,
  onProgress: OnProgress = () => {},
): Promise<ReadArrival> {
  const quarantineFile = join(scratch, 'quarantine.parquet');
  const own = join(scratch, 'reading');
  await mkdir(own, { recursive: true });
  const opening = borrowDuckDb({ ...limits, tempFolder: join(own, 'spill') });
  const connecting = opening.then(({ connectAgain }) => connectAgain());
  connecting.catch(() => {});
  const accepted = new AcceptedRows(scratch, connecting);
  try {
    const quarantine = new Quarantine(own);
    const sink = new ArrivalSink(rules, accepted, quarantine);
    const read = await readObjects(objects, rules, { sink, accepted, quarantine, opening }, onProgress);
    const acceptedParts = await accepted.finish();
    const { connection, giveBack } = await opening;
    const files = acceptedParts.map(({ file }) => file);
    const ofFile = await measureRows(connection, await connecting, files, rules);
    await quarantine.write(connection, quarantineFile);
    giveBack();
    const { acceptedByEventDay, ...ofRows } = ofFile;
    const ledger = {
      lines: sum(read.map(({ lines }) => lines)),
      accepted: sum(Object.values(acceptedByEventDay)),
      rejected: sink.rejected,
      superseded: sink.superseded,
    };
    checkCounts(ledger, sink.tally.accepted, rules.day);
    const measures = { ...sink.tally.measure(), ...ofRows };
    const bytes = sum(read.map((object) => object.bytes));
    return { acceptedParts, quarantineFile, ledger, acceptedByEventDay, measures, bytes, objects: read };
  } finally {
    await accepted.close();
    await connecting.catch(() => null);
    (await opening.catch(() => null))?.close();
    await rm(own, { recursive: true, force: true });
  }
}

interface Outputs {
  /** On its way while the first lines are read. */
  readonly opening: Promise<DuckDb>;
  readonly sink: ArrivalSink;
  readonly accepted: AcceptedRows;
  readonly quarantine: Quarantine;
}

async function readObjects(
  objects: readonly RawObject[],
  { maxLineBytes }: ReadRules,
  { sink, accepted, quarantine, opening }: Outputs,
  onProgress: OnProgress,
): Promise<ReadArrival['objects']> {
  const read: { key: string; lines: number; bytes: number }[] = [];
  const limits = {
    maxLineBytes,
    keepBytes: Math.max(KEPT_WHOLE, maxLineBytes),
    beginningBytes: KEPT_OF_LONGER,
  };
  const before = { lines: 0, bytes: 0 };
  for (const { key, open, superseded } of objects) {
    sink.beginObject(key, superseded);
    const scanner =
      formatOf(key)?.records === 'csv' ? new CsvScanner(sink, limits) : new LineScanner(sink, limits);
    const count = await scanRecords(decompress(key, await open()), scanner, async ({ lines, bytes }) => {
      await accepted.keepUp();
      if (quarantine.isFull) await quarantine.flush((await opening).connection);
      onProgress(before.lines + lines, before.bytes + bytes);
    });
    if (count.bytes === 0) throw unreadable(key, `${key} is empty. Land it again, or remove it.`);
    read.push({ key, ...count });
    before.lines += count.lines;
    before.bytes += count.bytes;
  }
  return read;
}

function checkCounts(ledger: ArrivalLedger, accepted: number, day: Day): void {
  const off = imbalanceOfArrival(ledger);
  if (off === 0 && accepted === ledger.accepted) return;
  throw new TerminalError(
    'AuditError',
    `The lines of ${day} do not add up: ${ledger.lines} were read and ${accepted} of them accepted; ${ledger.accepted} accepted rows are stored, and the sum is off by ${off}.`,
    { day, ledger },
  );
}
