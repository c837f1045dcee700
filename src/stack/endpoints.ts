import { readFileSync } from 'node:fs';
import type { TLSConfig } from '@temporalio/client';
import type { Config } from '../config/schema.ts';
import type { S3Settings } from '../storage/s3-store.ts';
import { dataFolderOf } from './data-folder.ts';
import { readCredentials } from './private-file.ts';
import { isRunning, readStackState } from './stack-state.ts';

/** How to reach Temporal. */
export interface TemporalEndpoint {
  readonly address: string;
  readonly namespace: string;
  readonly tls: TLSConfig | boolean;
  readonly apiKey: string | null;
  /** Base of links to Web UI, without a slash at the end; null when not known. */
  readonly uiUrl: string | null;
}

/** Where the configuration says that Temporal and S3 are. */
export interface Endpoints {
  readonly temporal: TemporalEndpoint;
  readonly s3: S3Settings;
  /** MinIO's console, when it is the embedded one. */
  readonly consoleUrl: string | null;
}

/** The configuration names embedded servers, and no stack runs over its data folder. */
export class StackNotRunningError extends Error {
  override readonly name = 'StackNotRunningError';
}

/** Resolves the configuration's addresses; embedded ones come from the running stack's state. */
export async function resolveEndpoints(config: Config): Promise<Endpoints> {
  const folder = dataFolderOf(config);
  const usesEmbedded = config.temporal.address === 'embedded' || config.s3.endpoint === 'embedded';
  const state = usesEmbedded ? await readStackState(folder.state) : null;
  const runs = state !== null && state.active && isRunning(state.pid);
  const need = (port: number | undefined, what: string): number => {
    if (runs && port !== undefined) return port;
    throw new StackNotRunningError(
      `The embedded ${what} does not run. Run npm start in another terminal, or set ${what === 'Temporal' ? 'temporal.address' : 's3.endpoint'} in the config.`,
    );
  };
  const temporal = (): TemporalEndpoint => {
    const { address, namespace, tls, apiKey, uiUrl } = config.temporal;
    const at = address === 'embedded' ? `127.0.0.1:${need(state?.ports.temporal, 'Temporal')}` : address;
    const ui = uiUrl ?? (address === 'embedded' ? `http://127.0.0.1:${state?.ports.temporalUi}` : null);
    return {
      address: at,
      namespace,
      tls: readTls(tls, apiKey !== null),
      apiKey,
      uiUrl: ui?.replace(/\/+$/, '') ?? null,
    };
  };
  const isEmbeddedS3 = config.s3.endpoint === 'embedded';
  const s3 = isEmbeddedS3
    ? await embeddedS3(config, folder.credentials, need(state?.ports.minio, 'MinIO'))
    : configuredS3(config);
  const consoleUrl = isEmbeddedS3 ? `http://127.0.0.1:${state?.ports.minioConsole}` : null;
  return { temporal: temporal(), s3, consoleUrl };
}

/** Link to a run in Web UI, or null when its address is not known. */
export function linkToRun(endpoint: TemporalEndpoint, workflowId: string, runId?: string): string | null {
  if (endpoint.uiUrl === null) return null;
  const run = runId === undefined ? '' : `/${runId}/history`;
  return `${endpoint.uiUrl}/namespaces/${encodeURIComponent(endpoint.namespace)}/workflows/${encodeURIComponent(workflowId)}${run}`;
}

async function embeddedS3(config: Config, credentialsFile: string, port: number): Promise<S3Settings> {
  const { bucket, region, checksums, accessKeyId, secretAccessKey } = config.s3;
  const given = accessKeyId !== null && secretAccessKey !== null ? { accessKeyId, secretAccessKey } : null;
  const credentials = given ?? (await readCredentials(credentialsFile));
  return { bucket, region, checksums, credentials, endpoint: `http://127.0.0.1:${port}`, pathStyle: true };
}

function configuredS3({ s3 }: Config): S3Settings {
  const { bucket, region, checksums, pathStyle, accessKeyId, secretAccessKey, sessionToken, endpoint } = s3;
  const credentials =
    accessKeyId === null || secretAccessKey === null
      ? null
      : { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
  return {
    bucket,
    region,
    checksums,
    pathStyle,
    credentials,
    endpoint: endpoint === 'aws' ? null : endpoint,
  };
}

function readTls(tls: Config['temporal']['tls'], always: boolean): TLSConfig | boolean {
  if (!tls.enabled) return always;
  const config: TLSConfig = {};
  if (tls.serverName !== null) config.serverNameOverride = tls.serverName;
  if (tls.caFile !== null) config.serverRootCACertificate = readFileSync(tls.caFile);
  if (tls.certFile !== null && tls.keyFile !== null) {
    config.clientCertPair = { crt: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
  }
  return config;
}
