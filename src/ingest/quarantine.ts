import type { DuckDBConnection } from '@duckdb/node-api';
import type { ReasonCode } from '../domain/reason.ts';
import { quote } from './classify-sql.ts';
import type { LinePlace } from './line-index.ts';
import type { AsideLine } from './scan-lines.ts';

/** The rejected lines of one arrival, collected in the DuckDB table `quarantine`. */
export interface Quarantine {
  /** A line that was read as text; `raw` is the line itself. */
  add(place: LinePlace, reason: ReasonCode, detail: string, raw: string): void;
  /** A line that the byte scanner set aside; bytes that are not UTF-8 are kept as base64. */
  addAside(object: string, line: AsideLine): void;
  /** Writes what was collected as Parquet, in the order of the raw data. */
  write(path: string): Promise<void>;
}

const columns = `object VARCHAR, line_number BIGINT, byte_offset BIGINT, reason VARCHAR, detail VARCHAR,
  raw VARCHAR, raw_base64 VARCHAR, raw_bytes BIGINT`;

/** Makes the empty table `quarantine` in the connection. */
export async function createQuarantine(connection: DuckDBConnection): Promise<Quarantine> {
  await connection.run(`CREATE TEMP TABLE quarantine (${columns})`);
  const appender = await connection.createAppender('quarantine');
  const append = (
    place: LinePlace,
    reason: ReasonCode,
    detail: string,
    raw: { text: string | null; base64: string | null; bytes: number },
  ) => {
    appender.appendVarchar(place.object);
    appender.appendBigInt(BigInt(place.lineNumber));
    appender.appendBigInt(BigInt(place.byteOffset));
    appender.appendVarchar(reason);
    appender.appendVarchar(detail);
    if (raw.text === null) appender.appendNull();
    else appender.appendVarchar(raw.text);
    if (raw.base64 === null) appender.appendNull();
    else appender.appendVarchar(raw.base64);
    appender.appendBigInt(BigInt(raw.bytes));
    appender.endRow();
  };
  return {
    add: (place, reason, detail, raw) =>
      append(place, reason, detail, { text: raw, base64: null, bytes: Buffer.byteLength(raw) }),
    addAside: (object, { reason, detail, raw, rawBytes, lineNumber, byteOffset }) => {
      const isText = reason !== 'bad_encoding';
      const kept = {
        text: isText ? raw.toString('utf8') : null,
        base64: isText ? null : raw.toString('base64'),
      };
      append({ object, lineNumber, byteOffset }, reason, detail, { ...kept, bytes: rawBytes });
    },
    write: async (path) => {
      appender.closeSync();
      await connection.run(`COPY (SELECT * FROM quarantine ORDER BY object, line_number)
        TO ${quote(path)} (FORMAT parquet, COMPRESSION zstd)`);
    },
  };
}
