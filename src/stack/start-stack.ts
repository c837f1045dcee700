import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '@temporalio/client';
import { withLock } from '../../infra/bootstrap/lock.mjs';
import { projectRoot } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { ensureVersionedBucket } from './bucket.ts';
import { dashboardUrl } from './dashboard-url.ts';
import { type DataFolder, dataFolderOf } from './data-folder.ts';
import { type Endpoints, resolveEndpoints } from './endpoints.ts';
import { endLeftovers, isStill } from './leftovers.ts';
import type { ProcessDeclaration, ProcessError, ProcessEvents } from './managed-process.ts';
import { chooseNamedPort } from './ports.ts';
import { ensureCredentials } from './private-file.ts';
import { ProcessGroup } from './process-group.ts';
import { minioProcess, temporalProcess } from './server-processes.ts';
import { minioServer, type ServerDeclaration, temporalServer } from './servers/declarations.ts';
import { ensureServers } from './servers/ensure-server.ts';
import { dashboardProcess, workerProcess } from './service-processes.ts';
import { readStackState, type StackPorts, type StackState, writeStackState } from './stack-state.ts';
import { connectTemporal, ensureSearchAttributes, setHistoryRetention } from './temporal-client.ts';
import { ensureWriteToken } from './write-token.ts';

/** Another process runs the stack of this data folder. */
export class StackRunningError extends Error {
  override readonly name = 'StackRunningError';
  readonly pid: number;

  constructor(pid: number, root: string) {
    super(
      `Questline runs here already (process ${pid}, data in ${root}). Use it, or end that one first (Ctrl-C, or kill ${pid}).`,
    );
    this.pid = pid;
  }
}

/** What the stack tells people while it starts and runs. */
export interface StackVoice {
  say(text: string): void;
  warn(text: string): void;
}

/** A stack that runs. */
export interface Stack {
  readonly endpoints: Endpoints;
  /** Rejects when a part of it can't be kept running. */
  readonly broken: Promise<never>;
  /** Process ids of the children by name, as they are at the moment. */
  children(): Readonly<Record<string, number>>;
  startWorker(): Promise<void>;
  /** Brings the dashboard up, whose page has been built, and answers with its URL. */
  startDashboard(): Promise<string>;
  /** Ends everything in order: dashboard, worker, Temporal, MinIO. What was about to be started is not. */
  stop(): Promise<void>;
}

/** Brings up the servers that the configuration calls embedded, ready for use, and keeps them running. */
export async function startStack(config: Config, voice: StackVoice): Promise<Stack> {
  const folder = dataFolderOf(config);
  await mkdir(folder.root, { recursive: true });
  const state = await claim(folder, voice);
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const save = createSaver(folder.state, state);
  const group = new ProcessGroup(createEvents(state, save, voice, broken.reject));
  const stop = async () => {
    await group.stop();
    Object.assign(state, { active: false, children: {} });
    await save();
  };
  try {
    const binaries = await ensureServers(wantedServers(config), folder.logs);
    state.ports = await choosePorts(config, voice);
    const servers = await declareServers(config, folder, state.ports, binaries);
    await save();
    await Promise.all(servers.map((server) => group.start(server)));
    const endpoints = await resolveEndpoints(config);
    await prepareServers(config, endpoints);
    const startWorker = () => group.start(workerProcess(config, folder));
    const startDashboard = async () => {
      const port = await prepareDashboard(config, folder, voice);
      state.ports = { ...state.ports, dashboard: port };
      await save();
      await group.start(dashboardProcess(folder, port), { givingUp: goOnWithout(voice) });
      return dashboardUrl(config.dashboard, port);
    };
    const children = () =>
      Object.fromEntries(Object.entries(state.children).map(([name, { pid }]) => [name, pid]));
    return { endpoints, broken: broken.promise, children, startWorker, startDashboard, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Days are run whether anybody looks at them or not. */
function goOnWithout(voice: StackVoice): ProcessEvents['givingUp'] {
  return ({ message }) =>
    voice.warn(`${message} Everything else goes on; npx questline dashboard starts it.`);
}

type Binaries = Awaited<ReturnType<typeof ensureServers>>;

function wantedServers(config: Config): ServerDeclaration[] {
  return [
    ...(config.s3.endpoint === 'embedded' ? [minioServer] : []),
    ...(config.temporal.address === 'embedded' ? [temporalServer] : []),
  ];
}

/** Makes this process the one that runs the stack of a data folder, and ends what a killed one left behind. */
async function claim(folder: DataFolder, voice: StackVoice): Promise<StackState> {
  return withLock(folder.lock, async () => {
    const before = await readStackState(folder.state);
    if (before?.active && before.pid !== process.pid && (await isStill(before.pid, before.startedAt))) {
      throw new StackRunningError(before.pid, folder.root);
    }
    const marks = [folder.root, join(projectRoot, 'src', 'cli')];
    const ended = before === null ? [] : await endLeftovers(before, marks);
    if (ended.length > 0) voice.warn(`Ended what an earlier start had left running: ${ended.join(', ')}.`);
    const ports = before?.ports ?? {};
    const state = {
      pid: process.pid,
      active: true,
      startedAt: new Date().toISOString(),
      ports,
      children: {},
    };
    await writeStackState(folder.state, state);
    return state;
  });
}

async function choosePorts(config: Config, voice: StackVoice): Promise<StackPorts> {
  const { temporalPort, temporalUiPort, minioPort, minioConsolePort } = config.embedded;
  const avoid = new Set<number>();
  const choose = async (what: string, key: string, wanted: number) => {
    const port = await chooseNamedPort({ what, key: `embedded.${key}`, wanted }, voice.warn, avoid);
    avoid.add(port);
    return port;
  };
  const ports: StackPorts = {};
  if (config.temporal.address === 'embedded') {
    ports.temporal = await choose('Temporal', 'temporalPort', temporalPort);
    ports.temporalUi = await choose('Temporal Web UI', 'temporalUiPort', temporalUiPort);
  }
  if (config.s3.endpoint === 'embedded') {
    ports.minio = await choose('MinIO', 'minioPort', minioPort);
    ports.minioConsole = await choose('the MinIO console', 'minioConsolePort', minioConsolePort);
  }
  return ports;
}

/** Writes the state as it then is, one write after the other. */
function createSaver(path: string, state: StackState): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.catch(() => {}).then(() => writeStackState(path, state));
    return last;
  };
}

function createEvents(
  state: StackState,
  save: () => Promise<void>,
  voice: StackVoice,
  fail: (error: ProcessError) => void,
): ProcessEvents {
  return {
    running: (name, pid) => {
      state.children[name] = { pid, startedAt: new Date().toISOString() };
      save().catch(() => {});
    },
    restarting: (name, how) => voice.warn(`${name} ended (${how}); starting it again.`),
    givingUp: fail,
  };
}

async function declareServers(
  config: Config,
  folder: DataFolder,
  ports: StackPorts,
  binaries: Binaries,
): Promise<ProcessDeclaration[]> {
  const servers: ProcessDeclaration[] = [];
  const { temporal, temporalUi, minio, minioConsole } = ports;
  const [minioBinary, temporalBinary] = [binaries.get('minio'), binaries.get('temporal')];
  if (minioBinary !== undefined && minio !== undefined && minioConsole !== undefined) {
    const { accessKeyId, secretAccessKey } = config.s3;
    const given = accessKeyId !== null && secretAccessKey !== null ? { accessKeyId, secretAccessKey } : null;
    const credentials = given ?? (await ensureCredentials(folder.credentials));
    servers.push(minioProcess(minioBinary.path, folder, { minio, minioConsole }, credentials));
  }
  if (temporalBinary !== undefined && temporal !== undefined && temporalUi !== undefined) {
    servers.push(
      temporalProcess(temporalBinary.path, folder, { temporal, temporalUi }, config.temporal.namespace),
    );
  }
  return servers;
}

async function prepareServers(config: Config, endpoints: Endpoints): Promise<void> {
  if (config.s3.endpoint === 'embedded') await ensureVersionedBucket(endpoints.s3);
  const client = await connectTemporal(endpoints.temporal, 20_000);
  try {
    await ensureSearchAttributes(client);
    if (config.temporal.address === 'embedded')
      await setHistoryRetention(client, config.temporal.historyRetentionDays);
  } finally {
    await (client.connection as Connection).close();
  }
}

/** Makes what the dashboard needs, and answers with the port for it. */
async function prepareDashboard(config: Config, folder: DataFolder, voice: StackVoice): Promise<number> {
  const { host, port: wanted, writeToken } = config.dashboard;
  if (writeToken === null) await ensureWriteToken(folder.writeToken);
  return chooseNamedPort({ what: 'the dashboard', key: 'dashboard.port', wanted, host }, voice.warn);
}
