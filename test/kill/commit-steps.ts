import { keys } from '../../src/storage/keys.ts';
import type { S3Request } from './s3-proxy.ts';

/** Whom the campaign kills. */
export const victimNames = ['worker', 'Temporal', 'MinIO'] as const;
export type VictimName = (typeof victimNames)[number];

/** A kind of write that a run makes, in the order of a run. */
interface CommitStep {
  readonly name: string;
  is(sent: S3Request): boolean;
}

const under = (prefix: string) => (sent: S3Request) => sent.key.startsWith(prefix);

/** The mirror's state names what is being copied, and nothing when all is done. */
const isNote = ({ body }: S3Request) => !body.includes('"unsure":[]');

/** Every kind of write on the way from raw lines to the mirror. */
const commitSteps: readonly CommitStep[] = [
  { name: 'accepted rows', is: under('store/accepted/') },
  { name: 'quarantine', is: under('store/quarantine/') },
  { name: 'report', is: under(keys.reports) },
  { name: 'record of validate', is: under(keys.madeReadings) },
  { name: 'cleaned events', is: under('store/events_cleaned/') },
  { name: 'record of clean', is: under('store/made/clean/') },
  { name: 'table of a day', is: under('store/player_days/') },
  { name: 'record of aggregate', is: under('store/made/aggregate/') },
  { name: 'table over all days', is: under('store/daily_metrics/') },
  { name: 'record of publish', is: under('store/made/publish/') },
  { name: 'restatements', is: under('store/restatements/') },
  { name: 'month', is: under(keys.months) },
  { name: 'snapshot', is: under(keys.snapshots) },
  { name: 'pointer', is: under(keys.pointer) },
  { name: 'mirror, noted', is: (sent) => sent.key === keys.mirrorState && isNote(sent) },
  { name: 'mirror, copied', is: ({ key }) => key.startsWith(keys.mirror) && key.endsWith('.parquet') },
  { name: 'mirror, done', is: (sent) => sent.key === keys.mirrorState && !isNote(sent) },
];

/** One kill at an exact place: just before a write reaches the bucket, or just after it was made and before its writer hears of it. */
export interface StepKill {
  readonly step: CommitStep;
  readonly moment: 'before' | 'after';
  readonly victim: VictimName;
}

/** Every step, moment and victim. */
export function listStepKills(): StepKill[] {
  const moments = ['before', 'after'] as const;
  return commitSteps.flatMap((step) =>
    moments.flatMap((moment) => victimNames.map((victim) => ({ step, moment, victim }))),
  );
}

/** Such as `pointer, after: MinIO`. */
export function describeStepKill({ step, moment, victim }: StepKill): string {
  return `${step.name}, ${moment}: ${victim}`;
}
