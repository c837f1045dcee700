import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureWriteToken, readWriteToken } from '../../src/stack/write-token.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-token-'));
  path = join(folder, 'dashboard-write-token');
});
afterEach(() => rm(folder, { recursive: true }));

it('is made once, readable by its owner alone', async () => {
  expect(await readWriteToken(path)).toBeNull();
  await ensureWriteToken(path);
  const token = await readWriteToken(path);
  expect(token).toMatch(/^[\w-]{32}$/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await ensureWriteToken(path);
  expect(await readFile(path, 'utf8')).toBe(`${token}\n`);
});

it.each(['', 'too-short\n', 'two words of more than sixteen characters'])(
  'in a file with "%s" is refused, and the file is named',
  async (text) => {
    await writeFile(path, text);
    await expect(readWriteToken(path)).rejects.toThrow(`${path} holds no token`);
    await expect(ensureWriteToken(path)).rejects.toThrow('Remove it; npm start makes another.');
  },
);
