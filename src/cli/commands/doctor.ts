import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Config } from '../../config/schema.ts';
import { searchAttributes } from '../../domain/pipeline.ts';
import { dataFolderOf } from '../../stack/data-folder.ts';
import { minioServer, type ServerDeclaration, temporalServer } from '../../stack/servers/declarations.ts';
import { findServer } from '../../stack/servers/ensure-server.ts';
import { findMissingSearchAttributes } from '../../stack/temporal-client.ts';
import { isStorageError, type ObjectStore } from '../../storage/object-store.ts';
import { formatBytes, printJson, printLine } from '../output.ts';
import { type Session, withSession } from '../session.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do; null when it is well. */
  readonly advice: string | null;
}

const LEAST_DISK = 2e9;
const MOST_SKEW_MS = 30_000;

/** `questline doctor`: one line a check; exit code 1 when one fails. */
export async function runDoctor({ json = false }: { readonly json?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const findings: Finding[] = [];
    for await (const finding of examine(session)) {
      findings.push(finding);
      if (!json) {
        printLine(`${finding.ok ? '✓' : '✗'} ${finding.check.padEnd(22)} ${finding.found}`);
        if (finding.advice !== null) printLine(`  → ${finding.advice}`);
      }
    }
    if (json) printJson({ ok: findings.every(({ ok }) => ok), findings });
    if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
  });
}

async function* examine(session: Session): AsyncGenerator<Finding> {
  const { config } = session;
  yield well('Node', process.versions.node);
  yield await examineDisk(config);
  yield* examineTemporal(session);
  yield* examineBucket(session);
}

const well = (check: string, found: string): Finding => ({ check, ok: true, found, advice: null });
const ill = (check: string, found: string, advice: string): Finding => ({ check, ok: false, found, advice });

async function attempt(check: string, look: () => Promise<string>, advice: string): Promise<Finding> {
  try {
    return well(check, await look());
  } catch (error) {
    return ill(check, (error as Error).message.split('\n')[0] ?? '', advice);
  }
}

async function examineBinary(server: ServerDeclaration): Promise<Finding> {
  const found = await findServer(server);
  if (found !== null) return well(`${server.title} binary`, `${found.version} (${found.source})`);
  return ill(
    `${server.title} binary`,
    'not here yet',
    `npm start gets it, or set ${server.configKey} to a server that runs.`,
  );
}

async function examineDisk(config: Config): Promise<Finding> {
  let place = dataFolderOf(config).root;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  if (free >= LEAST_DISK) return well('disk', `${formatBytes(free)} free`);
  return ill(
    'disk',
    `${formatBytes(free)} free`,
    `Make room: at least ${formatBytes(LEAST_DISK)} should be free at ${place}.`,
  );
}

async function* examineTemporal(session: Session): AsyncGenerator<Finding> {
  let client: Client;
  try {
    client = await session.temporal();
  } catch (error) {
    yield ill(
      'Temporal',
      (error as Error).message.split('\n')[0] ?? '',
      'Start it (npm start), or set temporal.address.',
    );
    if (session.config.temporal.address === 'embedded') yield await examineBinary(temporalServer);
    return;
  }
  const { namespace } = client.options;
  const { workflowService } = client.connection as Connection;
  const info = await workflowService.getSystemInfo({});
  yield well('Temporal', `server ${info.serverVersion}`);
  yield await attempt(
    'namespace',
    async () => {
      await workflowService.describeNamespace({ namespace });
      return namespace;
    },
    `Create it: temporal operator namespace create --namespace ${namespace}`,
  );
  yield await examineSearchAttributes(client);
  for (const queue of [session.config.worker.orchestrationQueue, session.config.worker.computeQueue]) {
    yield await examineQueue(client, queue, queue === session.config.worker.computeQueue);
  }
}

async function examineSearchAttributes(client: Client): Promise<Finding> {
  const check = 'search attributes';
  const wanted = Object.values(searchAttributes).join(', ');
  const missing = await findMissingSearchAttributes(client);
  if (missing === null) {
    return well(check, `the server does not let one ask; it needs ${wanted}, each a Keyword`);
  }
  if (missing.length === 0) return well(check, wanted);
  const names = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  const advice = `temporal operator search-attribute create ${names}`;
  return ill(check, `${missing.join(', ')} missing`, advice);
}

async function examineQueue(client: Client, queue: string, activities: boolean): Promise<Finding> {
  const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
  const { pollers } = await (client.connection as Connection).workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: activities ? TASK_QUEUE_TYPE_ACTIVITY : TASK_QUEUE_TYPE_WORKFLOW,
  });
  const names = (pollers ?? []).map(({ identity }) => identity).join(', ');
  if (names !== '') return well(`queue ${activities ? 'compute' : 'orchestration'}`, `polled by ${names}`);
  return ill(
    `queue ${activities ? 'compute' : 'orchestration'}`,
    `nobody polls ${queue}`,
    'Run npx questline worker.',
  );
}

async function* examineBucket(session: Session): AsyncGenerator<Finding> {
  let store: ObjectStore;
  try {
    store = await session.store();
    for await (const _ of store.list('catalog/current')) break;
    yield well('bucket', (await session.endpoints()).s3.bucket);
  } catch (error) {
    yield ill('bucket', (error as Error).message, 'Mend what the line says, then run doctor again.');
    if (session.config.s3.endpoint === 'embedded') yield await examineBinary(minioServer);
    return;
  }
  const key = `store/doctor/${process.pid}-${Date.now()}`;
  const advice =
    'Give the credentials s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on the bucket.';
  const before = Date.now();
  yield await attempt('write, read, remove', () => tryRights(store, key), advice);
  yield await attempt(
    'conditional writes',
    () => tryConditions(store, key),
    'The S3 service must honour If-None-Match and If-Match; use one that does.',
  );
  yield await examineClock(session, before);
}

async function tryRights(store: ObjectStore, key: string): Promise<string> {
  await store.write(key, Buffer.from('doctor'));
  const { body } = await store.read(key);
  if ((await buffer(body)).toString() !== 'doctor') throw new Error('what was read is not what was written');
  await store.remove(key);
  return 'allowed';
}

async function tryConditions(store: ObjectStore, key: string): Promise<string> {
  const { etag } = await store.write(key, Buffer.from('one'));
  try {
    for (const condition of [{ ifAbsent: true } as const, { ifMatch: `${etag}-other` }]) {
      const refused = await store.write(key, Buffer.from('two'), condition).then(
        () => false,
        (error: unknown) => isStorageError(error, 'conflict'),
      );
      if (!refused) throw new Error(`a write under ${JSON.stringify(condition)} was not refused`);
    }
    return 'honoured';
  } finally {
    await store.remove(key);
  }
}

async function examineClock(session: Session, before: number): Promise<Finding> {
  const { s3 } = await session.endpoints();
  const url = s3.endpoint ?? `https://s3.${s3.region}.amazonaws.com`;
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(() => null);
  const date = response?.headers.get('date');
  if (date === null || date === undefined) return well('clock', 'the S3 service tells no time');
  const skew = Math.max(0, Math.abs(Date.parse(date) - Date.now()) - (Date.now() - before));
  if (skew <= MOST_SKEW_MS) return well('clock', 'in step with the S3 service');
  return ill(
    'clock',
    `${Math.round(skew / 1000)} s off the S3 service`,
    'Set this machine’s clock (NTP); S3 refuses requests that are minutes off.',
  );
}
