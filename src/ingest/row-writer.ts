import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 1_048_576;
const LF = 10;
const DELIMITER = 0x09;

/**
 * How `read_csv` reads what a `RowWriter` wrote, but for the columns. Not by several threads: these begin where a line seems to, which
 * may be within a text, and the rows would come in groups of other sizes.
 */
export const rowFormatSql = `delim = '\\t', quote = '"', escape = '"', comment = '', header = false, auto_detect = false,
  nullstr = '', allow_quoted_nulls = false, new_line = '\\n', parallel = false`;

/**
 * Writes rows of text for DuckDB's CSV reader into a file: a field that is left out is null, an empty text is two quotation marks.
 * Each row ends with `endRow`.
 */
export class RowWriter {
  /** Rows and bytes that were written. */
  rows = 0;
  bytes = 0;
  /** The longest row in bytes. */
  longest = 0;
  readonly path: string;
  private readonly file: number;
  private buffer = Buffer.allocUnsafe(2 * BUFFER_BYTES);
  private view = viewOf(this.buffer);
  private source: Uint8Array = this.buffer;
  private sourceView = this.view;
  private at = 0;
  private rowStart = 0;
  private isOpen = true;
  private most = 0;

  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, 'w');
  }

  /** Begins a row of which no more than `most` bytes will be copied from `bytes`. */
  beginRow(bytes: Uint8Array, most: number): void {
    if (bytes !== this.source) {
      this.source = bytes;
      this.sourceView = viewOf(bytes);
    }
    this.most = most;
    this.reserve(0);
  }

  /** Ends a field, and leaves out those after it that `more` counts. */
  endField(more = 0): void {
    const { buffer } = this;
    for (let n = 0; n <= more; n += 1) buffer[this.at + n] = DELIMITER;
    this.at += more + 1;
  }

  /** A text that is not empty and has neither quotation marks nor control characters, from the row's bytes. */
  copy(start: number, end: number): void {
    const { sourceView, view } = this;
    let { at } = this;
    let p = start;
    for (; p + 8 <= end; p += 8) {
      view.setBigUint64(at, sourceView.getBigUint64(p));
      at += 8;
    }
    for (; p < end; p += 1) {
      view.setInt8(at, sourceView.getInt8(p));
      at += 1;
    }
    this.at = at;
  }

  /** Any text at all. */
  quote(text: string): void {
    const quoted = `"${text.replaceAll('"', '""')}"`;
    this.reserve(3 * quoted.length);
    this.at += this.buffer.write(quoted, this.at, 'utf8');
  }

  /** A text as `copy` takes it. */
  plain(text: string): void {
    this.reserve(text.length);
    this.at += this.buffer.write(text, this.at, 'latin1');
  }

  /** Ends the row in place of its last field's end. */
  endRow(): void {
    this.buffer[this.at - 1] = LF;
    this.rows += 1;
    this.longest = Math.max(this.longest, this.at - this.rowStart);
    if (this.at >= BUFFER_BYTES) this.flush();
    this.rowStart = this.at;
  }

  /** Writes what is left and closes the file, if it is still open. */
  close(): void {
    if (!this.isOpen) return;
    this.flush();
    closeSync(this.file);
    this.isOpen = false;
  }

  private flush(): void {
    for (let done = 0; done < this.at; ) {
      done += writeSync(this.file, this.buffer, done, this.at - done);
    }
    this.bytes += this.at;
    this.at = 0;
  }

  /** Makes room for so many bytes beside what may be copied. */
  private reserve(bytes: number): void {
    const needed = this.at + this.most + bytes + 256;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(2 * needed);
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
    this.view = viewOf(grown);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
