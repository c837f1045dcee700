import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 2000;
const ABANDONED_MS = 60_000;

/**
 * Runs `work` while no other process holds the lock. A lock whose holder has died is taken over; while another holds it,
 * `onWait` is called once with the holder's process id.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (pid: number) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, options = {}) {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await tryTake(path))) {
    const holder = await readHolder(path);
    if (holder !== null && (await isAbandoned(path, holder))) await release(path, holder);
    else {
      if (!told && holder !== null) options.onWait?.(holder.pid);
      told ||= holder !== null;
      await sleep(100 + Math.random() * 100);
    }
  }
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await rm(path, { force: true });
  }
}

/** @param {string} path */
async function tryTake(path) {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() }));
    await file.close();
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {Promise<{ pid: number, host: string, at: number } | null>}
 */
async function readHolder(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return (await ageOf(path)) > ABANDONED_MS ? { pid: -1, host: '', at: 0 } : null;
  }
}

/** @param {string} path @param {{ pid: number, host: string }} holder */
async function isAbandoned(path, holder) {
  if ((await ageOf(path)) > ABANDONED_MS) return true;
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/** @param {string} path */
async function ageOf(path) {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

/**
 * Removes a dead holder's lock, under a lock of its own, so that of two who see it dead only one removes it and neither
 * removes the other's new one.
 * @param {string} path
 * @param {{ pid: number, at: number }} dead
 */
async function release(path, dead) {
  const gate = `${path}.takeover`;
  if (!(await tryTake(gate))) {
    if ((await ageOf(gate)) > ABANDONED_MS) await rm(gate, { force: true });
    await sleep(50);
    return;
  }
  try {
    const now = await readHolder(path);
    if (now !== null && now.pid === dead.pid && now.at === dead.at) await rm(path, { force: true });
  } finally {
    await rm(gate, { force: true });
  }
}
