import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { TerminalError } from '../domain/failure.ts';

const decoders = { '.gz': createGunzip, '.zst': createZstdDecompress } as const;

/** Suffixes under `raw/dt=` that are read, and their compression. */
export const rawSuffixes = ['.ndjson', '.ndjson.gz', '.ndjson.zst'] as const;

/** Whether an object's name says that it holds events that can be read. */
export function hasRawSuffix(key: string): boolean {
  return rawSuffixes.some((suffix) => key.endsWith(suffix));
}

/**
 * The uncompressed bytes of a raw object, by its suffix. An archive that is cut off or damaged is an `UnreadableObject`:
 * a reader that takes it for a short file would lose lines without a word.
 */
export async function* decompress(key: string, source: Readable): AsyncIterable<Uint8Array> {
  const suffix = Object.keys(decoders).find((end) => key.endsWith(end)) as keyof typeof decoders | undefined;
  if (suffix === undefined) {
    yield* source;
    return;
  }
  const decoder = decoders[suffix]();
  source.once('error', (error) => decoder.destroy(error));
  try {
    yield* source.pipe(decoder);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_') && !code.startsWith('ZSTD_') && !code.startsWith('ERR_')) throw error;
    throw new TerminalError(
      'UnreadableObject',
      `${key} is not a whole ${suffix.slice(1)} archive (${message}). Land it again; the damaged object can then be removed.`,
      { key, code },
    );
  } finally {
    source.destroy();
    decoder.destroy();
  }
}
