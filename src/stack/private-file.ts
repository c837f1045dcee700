import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const credentialsSchema = z.object({ accessKeyId: z.string().min(3), secretAccessKey: z.string().min(8) });

/** A key pair of the embedded MinIO. */
export type Credentials = z.output<typeof credentialsSchema>;

/** Writes a file that only its owner can read; it appears whole or not at all. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  await writeFile(partial, text, { mode: 0o600 });
  await chmod(partial, 0o600);
  await rename(partial, path);
}

/** Reads a JSON file by its schema; null when there is none. A file that is damaged is an error that names it. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} can't be read. Remove it, or restore it; then start again.`, { cause: error });
  }
}

/** The credentials in the file, generated on the first call. */
export async function ensureCredentials(path: string): Promise<Credentials> {
  const present = await readJsonFile(path, credentialsSchema);
  if (present !== null) return present;
  const made = {
    accessKeyId: `questline-${randomBytes(6).toString('hex')}`,
    secretAccessKey: randomBytes(24).toString('base64url'),
  };
  await writePrivateFile(path, `${JSON.stringify(made, null, 2)}\n`);
  return made;
}

/** The credentials in the file, or null before the first start. */
export async function readCredentials(path: string): Promise<Credentials | null> {
  return readJsonFile(path, credentialsSchema);
}
