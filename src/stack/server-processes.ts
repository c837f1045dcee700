import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { Client } from 'minio';
import { minioOptions } from '../storage/minio-client.ts';
import type { DataFolder } from './data-folder.ts';
import type { ProcessDeclaration } from './managed-process.ts';
import type { Credentials } from './private-file.ts';

const READY_MS = 60_000;

/** The Temporal dev server with its database file, Web UI and nothing but loopback. */
export function temporalProcess(
  binary: string,
  folder: DataFolder,
  ports: { readonly temporal: number; readonly temporalUi: number },
  namespace: string,
): ProcessDeclaration {
  mkdirSync(dirname(folder.temporalDb), { recursive: true });
  const flags = {
    '--ip': '127.0.0.1',
    '--ui-ip': '127.0.0.1',
    '--port': ports.temporal,
    '--ui-port': ports.temporalUi,
    '--db-filename': folder.temporalDb,
    '--namespace': namespace,
    '--log-level': 'warn',
  };
  return {
    name: 'Temporal',
    command: binary,
    args: ['server', 'start-dev', ...Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)])],
    log: join(folder.logs, 'temporal.log'),
    isReady: async () =>
      (await accepts(ports.temporal)) && (await answers(`http://127.0.0.1:${ports.temporalUi}/`)),
    readyMs: READY_MS,
    stopMs: 15_000,
  };
}

/** MinIO with its console, on loopback, without whatever certificates and settings the user's home and environment have for another one. */
export function minioProcess(
  binary: string,
  folder: DataFolder,
  ports: { readonly minio: number; readonly minioConsole: number },
  credentials: Credentials,
): ProcessDeclaration {
  mkdirSync(folder.minioData, { recursive: true });
  const addresses = [
    '--address',
    `127.0.0.1:${ports.minio}`,
    '--console-address',
    `127.0.0.1:${ports.minioConsole}`,
  ];
  return {
    name: 'MinIO',
    command: binary,
    args: ['server', folder.minioData, '--certs-dir', folder.minioCerts, ...addresses],
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MINIO_'))),
      HOME: folder.root,
      MINIO_ROOT_USER: credentials.accessKeyId,
      MINIO_ROOT_PASSWORD: credentials.secretAccessKey,
      MINIO_UPDATE: 'off',
      MINIO_CALLHOME_ENABLE: 'off',
    },
    log: join(folder.logs, 'minio.log'),
    isReady: () => serves(ports.minio, credentials),
    readyMs: READY_MS,
    stopMs: 15_000,
  };
}

/** Whether S3 answers who has the keys; MinIO calls itself ready some moments before, and answers 503 then. */
async function serves(port: number, credentials: Credentials): Promise<boolean> {
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    pathStyle: true,
    credentials,
  };
  const client = new Client({ ...minioOptions(settings), retryOptions: { disableRetry: true } });
  await client.bucketExists('questline');
  return true;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
