import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder for what is fetched once a machine: QUESTLINE_CACHE, else where the platform keeps caches.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheFolder(env = process.env) {
  if (env.QUESTLINE_CACHE) return env.QUESTLINE_CACHE;
  const home = env.HOME || homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'questline');
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'questline', 'Cache');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'questline');
}
