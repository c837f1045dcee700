import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writePrivateFile } from './private-file.ts';

/** A file that should hold the dashboard's write token does not; the message names it. */
export class WriteTokenError extends Error {
  override readonly name = 'WriteTokenError';
}

/** The dashboard's write token in a file, or null when there is no such file. */
export async function readWriteToken(path: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (/^\S{16,}$/.test(text)) return text;
  throw new WriteTokenError(
    `${path} holds no token, which is one word of at least 16 characters. Remove it; npm start makes another.`,
  );
}

/** Makes the file with the dashboard's write token, readable by the owner alone, unless it is there. */
export async function ensureWriteToken(path: string): Promise<void> {
  if ((await readWriteToken(path)) === null)
    await writePrivateFile(path, `${randomBytes(24).toString('base64url')}\n`);
}
