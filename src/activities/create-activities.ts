import type { AcceptedArrival, ValidateResult } from '../domain/arrival.ts';
import type { EventDayBuild } from '../domain/build-plan.ts';
import type { Day, DayRange } from '../domain/day.ts';
import type { DayChoice } from '../domain/day-choice.ts';
import type { Decision } from '../domain/decision.ts';
import type {
  AggregatedEventDay,
  AggregateInput,
  CleanResult,
  GenerateRequest,
  GenerateResult,
  HeldNotice,
  PlanResult,
  PublishRequest,
  PublishResult,
  WorkflowSettings,
} from '../domain/pipeline.ts';
import { aggregateEventDay } from './aggregate.ts';
import { awaitDayRun } from './await-day.ts';
import { chooseDays } from './choose-days.ts';
import { cleanEventDay } from './clean.ts';
import type { Dependencies } from './dependencies.ts';
import { failTerminally } from './failures.ts';
import { generateArrival } from './generate.ts';
import { runStage, type StageContext, withHeartbeat } from './heartbeat.ts';
import { listDueDays } from './list-due-days.ts';
import { logFailures } from './log-failure.ts';
import { planEventDays } from './plan-build.ts';
import { publishBuild } from './publish.ts';
import { type DecisionRecord, recordDecision } from './record-decision.ts';
import { validateArrival } from './validate.ts';

/** Everything that takes processor time: for the compute queue, one slot a core. */
export interface ComputeActivities {
  generate(input: { readonly day: Day; readonly request: GenerateRequest }): Promise<GenerateResult>;
  validate(input: { readonly day: Day }): Promise<ValidateResult>;
  clean(build: EventDayBuild): Promise<CleanResult>;
  aggregate(input: AggregateInput): Promise<AggregatedEventDay['tables']>;
  publish(request: PublishRequest): Promise<PublishResult>;
}

/** Small ones, for the orchestration queue. */
export interface OrchestrationActivities {
  readSettings(): Promise<WorkflowSettings>;
  planBuild(input: { readonly arrivals: readonly AcceptedArrival[] }): Promise<PlanResult>;
  chooseDays(input: DayRange & { readonly only: DayChoice }): Promise<Day[]>;
  listDueDays(input: { readonly day: Day }): Promise<Day[]>;
  awaitRunningDay(input: { readonly day: Day }): Promise<{ readonly held: HeldNotice | null }>;
  recordDecision(input: DecisionRecord): Promise<Decision>;
}

/** The compute queue's activities over their dependencies. */
export function createComputeActivities(deps: Dependencies): ComputeActivities {
  const stage =
    <I, O>(body: (deps: Dependencies, context: StageContext, input: I) => Promise<O>) =>
    (input: I) =>
      failTerminally(() => runStage(deps, input, (context) => body(deps, context, input)));
  return {
    generate: stage(generateArrival),
    validate: stage(validateArrival),
    clean: stage(cleanEventDay),
    aggregate: stage(aggregateEventDay),
    publish: stage(publishBuild),
  };
}

/** The orchestration queue's activities over their dependencies. */
export function createOrchestrationActivities(deps: Dependencies): OrchestrationActivities {
  const { config, logger } = deps;
  const small =
    <I, O>(body: (deps: Dependencies, input: I) => Promise<O>) =>
    (input: I) =>
      failTerminally(() => logFailures(logger, input, () => body(deps, input)));
  return {
    readSettings: async () => ({
      computeQueue: config.worker.computeQueue,
      heartbeatTimeoutSeconds: config.temporal.heartbeatTimeoutSeconds,
      backfillConcurrency: config.pipeline.backfillConcurrency,
      lateWindowDays: config.pipeline.lateWindowDays,
      holdHours: config.quality.holdHours,
      generate: config.pipeline.source === 'synthetic' ? {} : null,
    }),
    planBuild: small(planEventDays),
    chooseDays: small(chooseDays),
    listDueDays: small(listDueDays),
    awaitRunningDay: small((_, input: { readonly day: Day }) =>
      withHeartbeat(() => awaitDayRun(deps, input)),
    ),
    recordDecision: small(recordDecision),
  };
}
