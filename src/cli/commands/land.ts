import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { type Day, isDay } from '../../domain/day.ts';
import { formatOf, rawSuffixes } from '../../ingest/raw-format.ts';
import { keys } from '../../storage/keys.ts';
import { type LandedObject, landFile, landObject } from '../../storage/land-files.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { sha256OfFile } from '../../storage/sha256.ts';
import { formatBytes, formatCount, printJson, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

type Landed = Omit<LandedObject, 'lines' | 'day'> & {
  readonly day: Day | null;
  readonly lines: number | null;
};

/** `questline land PATH…`: files of JSON lines are split by event day; CSV, and folders laid out as raw/dt=…, are taken as they are. */
export async function runLand(
  paths: readonly string[],
  options: { readonly day?: Day; readonly json?: boolean },
): Promise<void> {
  for (const path of paths) await checkPath(path);
  await withSession(async (session) => {
    const store = await session.store();
    const landed: Landed[] = [];
    for (const path of paths) {
      const isFolder = (await stat(path)).isDirectory();
      if (isFolder) landed.push(...(await landFolder(store, path)));
      else if (isCsv(path)) landed.push(await landWhole(store, path, options.day ?? null));
      else landed.push(...(await landOne(store, path, options.day ?? null)));
    }
    if (options.json === true) return printJson({ objects: landed });
    report(landed);
  });
}

async function checkPath(path: string): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (info === null)
    throw new CommandFailed(
      `${path} does not exist. Give a file of events, or a folder laid out as raw/dt=YYYY-MM-DD.`,
    );
  if (info.isFile() && info.size === 0)
    throw new CommandFailed(`${path} is empty: there is nothing to land.`);
  if (info.isFile() && formatOf(path) === null) {
    throw new CommandFailed(`${path} is not a file that can be read: expected ${rawSuffixes.join(', ')}.`);
  }
}

const isCsv = (path: string) => formatOf(path)?.records === 'csv';

/** A CSV file lands as one object, since a row alone does not say what its columns are. */
async function landWhole(store: ObjectStore, path: string, day: Day | null): Promise<Landed> {
  if (day === null) {
    throw new CommandFailed(
      `${path} is CSV, which lands whole: say which arrival day it is of with --day. Its rows go to the days of their own timestamps when that day is run.`,
    );
  }
  const suffix = rawSuffixes.find((end) => path.endsWith(end)) ?? '';
  const name = `${basename(path, suffix)}-${(await sha256OfFile(path)).slice(0, 12)}${suffix}`;
  const key = keys.rawObject(day, name);
  const state = await landObject(store, path, key);
  return { day, key, lines: null, bytes: (await stat(path)).size, state };
}

async function landOne(store: ObjectStore, path: string, day: Day | null): Promise<LandedObject[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'questline-land-'));
  try {
    return await landFile(store, path, day, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function landFolder(store: ObjectStore, folder: string): Promise<Landed[]> {
  const top = await readdir(folder);
  const root = top.includes('raw') ? join(folder, 'raw') : folder;
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const landed: Landed[] = [];
  for (const entry of files.sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    const path = join(entry.parentPath, entry.name);
    const key = `raw/${relative(root, path).split(sep).join('/')}`;
    const day = /^raw\/dt=([^/]+)\//.exec(key)?.[1] ?? null;
    if (!(day !== null && isDay(day)) && !key.startsWith(keys.profiles)) continue;
    const state = await landObject(store, path, key);
    landed.push({ day: day as Day | null, key, lines: null, bytes: (await stat(path)).size, state });
  }
  if (landed.length === 0) {
    throw new CommandFailed(
      `${folder} has no files under raw/dt=YYYY-MM-DD or dt=YYYY-MM-DD. Lay it out so, or give the files themselves.`,
    );
  }
  return landed;
}

function report(landed: readonly Landed[]): void {
  printTable(
    [
      { head: 'day', value: ({ day }) => day ?? 'players' },
      { head: 'state', value: ({ state }) => state },
      { head: 'lines', align: 'right', value: ({ lines }) => (lines === null ? '' : formatCount(lines)) },
      { head: 'size', align: 'right', value: ({ bytes }) => formatBytes(bytes) },
      { head: 'object', value: ({ key }) => key },
    ],
    landed,
  );
  const days = landed.flatMap(({ day }) => day ?? []).sort();
  if (days.length > 0) say(`Next: npx questline backfill --from ${days[0]} --to ${days.at(-1)}`);
}
