import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runLogged } from '../../../infra/bootstrap/run-command.mjs';
import { findOnPath } from './find-binary.ts';
import { ServerBinaryError } from './server-error.ts';

/**
 * Builds a pinned Go module's command into `folder` and returns its path. Go's module and build caches are in `caches`, so that
 * a user's own are not filled: removed after success, and kept otherwise, so that the next try goes on from there. One process
 * at a time. Fails with a `ServerBinaryError`; no Go is such a failure.
 */
export async function goInstall(
  goModule: string,
  { folder, caches, log }: { readonly folder: string; readonly caches: string; readonly log: string },
  tell: (doing: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const go = await findOnPath('go', env);
  if (go === null) throw new ServerBinaryError('Go is not on PATH.');
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  tell(`building ${goModule.split('/').at(-1)} with Go, takes minutes; log: ${log}`);
  const goEnv = {
    ...env,
    GOBIN: bin,
    GOPATH: join(caches, 'path'),
    GOMODCACHE: join(caches, 'mod'),
    GOCACHE: join(caches, 'build'),
    GOFLAGS: `${env['GOFLAGS'] ?? ''} -modcacherw`.trim(),
    GO111MODULE: 'on',
    CGO_ENABLED: '0',
  };
  const args = ['install', '-trimpath', '-ldflags', '-s -w', goModule];
  const { code, output } = await runLogged(go, args, { cwd: folder, env: goEnv, log });
  if (code !== 0) {
    const said = output.trim().split('\n').slice(-3).join(' ').slice(-300);
    throw new ServerBinaryError(`go install ${goModule} failed: ${said} (whole log: ${log}).`);
  }
  await rm(caches, { recursive: true, force: true, maxRetries: 3 });
  const name = goModule.replace(/@.*/, '').split('/').at(-1) ?? '';
  return join(bin, process.platform === 'win32' ? `${name}.exe` : name);
}
