import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { TerminalError } from '../domain/failure.ts';
import { type Compression, formatOf, sniffFormat } from './raw-format.ts';

const OUTPUT_BYTES = 262_144;
const HEAD_BYTES = 6;
const decoders: Record<Compression, () => Gunzip | ZstdDecompress> = {
  gz: () => createGunzip({ chunkSize: OUTPUT_BYTES }),
  zst: () => createZstdDecompress({ chunkSize: OUTPUT_BYTES }),
};
const names: Record<Compression, string> = { gz: 'gzip', zst: 'zstd' };

/**
 * The uncompressed bytes of an object, by its suffix: an archive's members or frames one after the other, to its last byte. One that
 * is cut off, damaged, or followed by something else is an `UnreadableObject`, and so is an object that by its first bytes is not what
 * its suffix says: a reader that takes it for a short file would lose lines without a word.
 */
export async function* decompress(key: string, source: Readable): AsyncIterable<Uint8Array> {
  try {
    const [head, whole] = await peek(source);
    const compression = formatOf(key)?.compression ?? null;
    checkHead(key, compression, head);
    if (compression === null || head.length === 0) yield* whole;
    else yield* decode(key, compression, whole);
  } finally {
    source.destroy();
  }
}

/** The first bytes, and all of them. */
async function peek(source: Readable): Promise<[Buffer, AsyncIterable<Uint8Array>]> {
  const rest = (source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const { done, value } = await rest.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  async function* whole(): AsyncIterable<Uint8Array> {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  }
  return [head, whole()];
}

function checkHead(key: string, compression: Compression | null, head: Buffer): void {
  const found = sniffFormat(head);
  const expected = compression === null ? null : names[compression];
  if (found === expected || head.length === 0) return;
  const isCut = expected !== null && head.length < HEAD_BYTES && found === null;
  if (isCut && !/^[\t\r\n -~]+$/.test(head.toString('latin1'))) return;
  const what = found === null ? 'no archive of any known kind' : found;
  throw unreadable(
    key,
    `${key} is not what its name says: expected ${expected ?? 'plain text'}, but its first bytes are those of ${what}. Land it under a name with the right suffix, and remove this one.`,
    { expected: expected ?? 'text', found },
  );
}

/** One decoder after the other, each beginning where the one before stopped. */
async function* decode(
  key: string,
  compression: Compression,
  source: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const input = source[Symbol.asyncIterator]();
  const state: Feed = { rest: null, failure: null };
  for (;;) {
    const decoder = decoders[compression]();
    const fed = feed(decoder, input, state);
    try {
      for await (const chunk of decoder as AsyncIterable<Uint8Array>) yield chunk;
    } catch (error) {
      throw state.failure ?? explainDamage(key, compression, error);
    } finally {
      decoder.destroy();
      await fed;
    }
    if (state.rest === null) return;
  }
}

interface Feed {
  /** What the last decoder left over of the archive; null when it took all. */
  rest: Uint8Array | null;
  /** What went wrong with the source, where the archive is not to blame. */
  failure: Error | null;
}

/** Feeds a decoder until it stops or there is no more. Never throws: what goes wrong with the source destroys the decoder. */
async function feed(
  decoder: Gunzip | ZstdDecompress,
  input: AsyncIterator<Uint8Array>,
  state: Feed,
): Promise<void> {
  let given = 0;
  try {
    for (let chunk = state.rest; ; chunk = null) {
      const next = chunk === null ? await input.next() : { done: false, value: chunk };
      state.rest = null;
      if (next.done === true || decoder.destroyed) break;
      const bytes = next.value;
      given += bytes.length;
      await new Promise<void>((resolve) => {
        decoder.once('close', resolve);
        decoder.write(bytes, () => {
          decoder.off('close', resolve);
          resolve();
        });
      });
      if (decoder.bytesWritten < given) {
        state.rest = bytes.subarray(bytes.length - (given - decoder.bytesWritten));
        return;
      }
    }
    decoder.end();
  } catch (error) {
    state.failure = error instanceof Error ? error : new Error(String(error));
    decoder.destroy(state.failure);
  }
}

function explainDamage(key: string, compression: Compression, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_') && !code.startsWith('ERR_')) return error;
  return unreadable(
    key,
    `${key} is not a whole ${names[compression]} archive (${message}). Land it again; the damaged object can then be removed.`,
    { code },
  );
}

/** An `UnreadableObject` about the object. */
export function unreadable(
  key: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): TerminalError {
  return new TerminalError('UnreadableObject', message, { key, ...details });
}
