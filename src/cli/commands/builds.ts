import { type Client, type Connection, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { printJson, printTable, say } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

/** A build of the worker's code, as Temporal knows it. */
interface Build {
  readonly buildId: string;
  /** `current`: new runs begin on it; `draining`: runs that began on it go on; `drained`: none is left. */
  readonly state: 'current' | 'draining' | 'drained' | 'not used yet';
  /** When a worker of it first polled, ISO 8601 UTC. */
  readonly since: string | null;
}

const { VersionDrainageStatus } = proto.temporal.api.enums.v1;
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** `questline builds`: the builds of the worker's code, and which one new runs begin on. */
export async function listBuilds({ json = false }: { readonly json?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const builds = await readBuilds(session);
    if (json) return printJson(builds);
    printTable(
      [
        { head: 'build', value: ({ buildId }) => buildId },
        { head: 'state', value: ({ state }) => state },
        { head: 'since', value: ({ since }) => since ?? '' },
      ],
      builds,
    );
  });
}

/** `questline builds promote BUILD`: new runs begin on it; those that began on another stay with that. */
export async function promoteBuild(buildId: string): Promise<void> {
  await withSession(async (session) => {
    const client = await session.temporal();
    const { deployment } = session.config.worker;
    const known = await readBuilds(session);
    if (!known.some((build) => build.buildId === buildId)) {
      const named = known.map((build) => build.buildId).join(', ');
      throw new CommandFailed(
        `There is no build ${JSON.stringify(buildId)}. Known are ${named}; a build is known when a worker with it as worker.buildId polls.`,
      );
    }
    const { namespace } = client.options;
    try {
      await serviceOf(client).setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName: deployment,
        buildId,
      });
    } catch (error) {
      if (!hasStatus(error, FAILED_PRECONDITION)) throw error;
      throw new CommandFailed(
        `${buildId} can't take over: ${error.details}. Start a worker of it for both queues first.`,
      );
    }
    say(
      `New runs begin on ${buildId}. Keep workers of the other builds until they are drained: npx questline builds`,
    );
  });
}

async function readBuilds(session: Session): Promise<Build[]> {
  const client = await session.temporal();
  const deploymentName = session.config.worker.deployment;
  const { namespace } = client.options;
  try {
    const { workerDeploymentInfo: info } = await serviceOf(client).describeWorkerDeployment({
      namespace,
      deploymentName,
    });
    const current = info?.routingConfig?.currentDeploymentVersion?.buildId;
    return (info?.versionSummaries ?? []).map(({ deploymentVersion, drainageStatus, createTime }) => ({
      buildId: deploymentVersion?.buildId ?? '',
      state: stateOf(deploymentVersion?.buildId === current, drainageStatus),
      since: createTime ? new Date(Number(createTime.seconds) * 1000).toISOString() : null,
    }));
  } catch (error) {
    if (!hasStatus(error, NOT_FOUND)) throw error;
    throw new CommandFailed(
      `No worker of ${deploymentName} has named its build. Set worker.buildId (QUESTLINE_WORKER_BUILD_ID) where workers are started.`,
    );
  }
}

function stateOf(isCurrent: boolean, drainage: unknown): Build['state'] {
  if (isCurrent) return 'current';
  if (drainage === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINING) return 'draining';
  return drainage === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED ? 'drained' : 'not used yet';
}

function hasStatus(error: unknown, status: number): error is Error & { readonly details: string } {
  return isGrpcServiceError(error) && [status].includes(error.code);
}

function serviceOf(client: Client): Connection['workflowService'] {
  return (client.connection as Connection).workflowService;
}
