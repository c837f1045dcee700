import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { x as extract } from 'tar';
import { sha256OfFile } from '../../storage/sha256.ts';
import type { ReleaseDeclaration } from './declarations.ts';
import { DownloadError } from './server-error.ts';

/** How patient a download is; milliseconds. */
export interface DownloadPatience {
  readonly connectMs: number;
  readonly stallMs: number;
  readonly tries: number;
  readonly pauseMs: number;
}

const usualPatience: DownloadPatience = { connectMs: 10_000, stallMs: 30_000, tries: 4, pauseMs: 1000 };

/**
 * Downloads a release's file into `folder` and its binary to `target`. What was cut off stays in the folder and is gone on
 * with; what does not have the checksum of the release's own checksum file is thrown away. Fails with a `DownloadError`.
 */
export async function downloadRelease(
  release: ReleaseDeclaration,
  file: string,
  folder: string,
  target: string,
  tell: (doing: string) => void,
  env: NodeJS.ProcessEnv = process.env,
  patience: DownloadPatience = usualPatience,
): Promise<void> {
  const base = (env[release.mirrorVariable] ?? release.baseUrl).replace(/\/+$/, '');
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `${basename(file)}.download`);
  const expected = await retry(patience, () =>
    readChecksum(`${base}/${release.checksums(file)}`, file, patience),
  );
  await retry(patience, () => downloadOnce(`${base}/${file}`, partial, tell, patience));
  const found = await sha256OfFile(partial);
  if (found !== expected) {
    await rm(partial, { force: true });
    const message = `${base}/${file} has sha256 ${found}, but the release's checksum file says ${expected}. It was thrown away.`;
    throw new DownloadError(message, true);
  }
  if (release.member === null) await copyFile(partial, target);
  else await extract({ file: partial, cwd: dirname(target) }, [release.member]);
  await rm(partial, { force: true });
}

async function retry<T>(patience: DownloadPatience, attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DownloadError) || error.permanent || n >= patience.tries) throw error;
      await sleep(patience.pauseMs * n);
    }
  }
}

async function readChecksum(url: string, file: string, patience: DownloadPatience): Promise<string> {
  const response = await request(url, {}, patience);
  const name = basename(file);
  for (const line of (await response.text()).split('\n')) {
    const [hash, of = name] = line.trim().split(/\s+\*?/);
    if (of === name && hash !== undefined && /^[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  }
  throw new DownloadError(`${url} has no checksum of ${name}.`, true);
}

async function downloadOnce(
  url: string,
  partial: string,
  tell: (doing: string) => void,
  patience: DownloadPatience,
): Promise<void> {
  const have = await stat(partial).then(
    ({ size }) => size,
    () => 0,
  );
  const response = await request(url, have > 0 ? { Range: `bytes=${have}-` } : {}, patience);
  const goesOn = response.status === 206;
  if (response.status === 416) {
    await response.body?.cancel();
    return;
  }
  const total = Number(response.headers.get('content-length') ?? 0) + (goesOn ? have : 0);
  let done = goesOn ? have : 0;
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), patience.stallMs);
  const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  body.on('data', (chunk: Buffer) => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), patience.stallMs);
    done += chunk.length;
    tell(`downloading, ${Math.round(done / 1e6)} of ${Math.round(total / 1e6)} MB`);
  });
  try {
    await pipeline(body, createWriteStream(partial, { flags: goesOn ? 'a' : 'w' }), { signal: stall.signal });
  } catch (error) {
    throw new DownloadError(`${url} broke off after ${done} bytes (${reasonOf(error)}).`, false, error);
  } finally {
    clearTimeout(timer);
  }
}

async function request(
  url: string,
  headers: Record<string, string>,
  patience: DownloadPatience,
): Promise<Response> {
  const connect = new AbortController();
  const timer = setTimeout(() => connect.abort(), patience.connectMs);
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: connect.signal, redirect: 'follow' });
  } catch (error) {
    throw new DownloadError(
      `${new URL(url).host} can't be reached (${reasonOf(error)}).`,
      isNameUnknown(error),
      error,
    );
  } finally {
    clearTimeout(timer);
  }
  if (response.ok || response.status === 416) return response;
  await response.body?.cancel();
  throw new DownloadError(
    `${url} answered ${response.status}.`,
    response.status < 500 && response.status !== 429,
  );
}

function isNameUnknown(error: unknown): boolean {
  return ['ENOTFOUND', 'EAI_AGAIN'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return (cause as NodeJS.ErrnoException).code ?? '';
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'no answer in time';
  return codeOf(error) || (error as Error).message;
}
