import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What the page is built from, and what builds it, relative to the project. */
const sources = [
  'package-lock.json',
  'src/dashboard/api',
  'src/dashboard/page',
  'src/dashboard/web',
  'src/domain',
];

/** A name for the page that the sources of a project make: it changes with any of their names and bytes. */
export async function stampOfPage(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const path of await listFiles(root, source)) {
      const bytes = await readFile(join(root, path));
      hash.update(`${path}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function listFiles(root: string, path: string): Promise<string[]> {
  if ((await stat(join(root, path))).isFile()) return [path];
  const entries = await readdir(join(root, path), { withFileTypes: true });
  const below = entries.map(({ name }) => listFiles(root, `${path}/${name}`));
  return (await Promise.all(below)).flat().sort();
}
