import { hashConfig } from '../config/table-config.ts';
import type { AcceptedArrival, ArrivalRecord } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { countRejected } from '../domain/ledger.ts';
import type { InputObject } from '../domain/object-ref.ts';
import { hasRawSuffix, rawSuffixes } from '../ingest/decompress.ts';
import { readArrival } from '../ingest/read-arrival.ts';
import { uploadFile } from '../storage/bytes.ts';
import { arrivalRecordSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { sha256 } from '../storage/sha256.ts';
import { enforceGate, measureChecks } from './checks.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';
import { inputIdentity, openInputs, pinInputs } from './inputs.ts';

/**
 * Reads one arrival: pins its raw objects, sorts their lines into accepted rows and quarantine, measures the checks. Fails
 * with `NoRawData` when nothing landed, `UnreadableObject` for an object that can't be read, `DataQualityError` at the gate.
 */
export async function validateArrival(
  deps: Dependencies,
  stage: StageContext,
  { day }: { readonly day: Day },
): Promise<AcceptedArrival> {
  const inputs = await pinInputs(deps.store, keys.rawDay(day));
  checkInputs(day, inputs);
  const configHash = hashConfig(deps.config);
  const recipe = {
    stage: 'validate' as const,
    scope: day,
    inputs: { objects: inputIdentity(inputs), configHash },
  };
  const made = await makeOnce(deps.store, recipe, arrivalRecordSchema, async (name) =>
    readAndStore(deps, stage, day, inputs, configHash, name),
  );
  const record = made.record;
  enforceGate(day, record.checks, made.key);
  return {
    day,
    record: { key: made.key, sha256: sha256(made.body) },
    accepted: record.accepted,
    lines: record.ledger.lines,
    rejected: countRejected(record.ledger),
    acceptedByEventDay: record.acceptedByEventDay,
    run: stage.run,
  };
}

function checkInputs(day: Day, inputs: readonly InputObject[]): void {
  if (inputs.length === 0) {
    throw new TerminalError(
      'NoRawData',
      `Nothing landed for ${day}: there is no object under ${keys.rawDay(day)}. Land its files (questline land PATH --day ${day}) and run the day again.`,
      { day, prefix: keys.rawDay(day) },
    );
  }
  const strange = inputs.filter(({ key }) => !hasRawSuffix(key)).map(({ key }) => key);
  if (strange.length > 0) {
    throw new TerminalError(
      'UnreadableObject',
      `${strange.join(', ')} can't be read: expected ${rawSuffixes.join(', ')}. Land it under a name that says what it is, and remove this one.`,
      { day, keys: strange.slice(0, 20) },
    );
  }
}

async function readAndStore(
  deps: Dependencies,
  stage: StageContext,
  day: Day,
  inputs: readonly InputObject[],
  configHash: string,
  name: string,
): Promise<ArrivalRecord> {
  const { pipeline, quality } = deps.config;
  return withScratch(deps.scratchRoot, async (scratch) => {
    stage.tell(`reading ${inputs.length} objects`);
    const read = await readArrival(
      openInputs(deps.store, inputs),
      { day, ...pipeline },
      scratch,
      deps.duckDb,
    );
    stage.stopIfCancelled();
    stage.tell(`storing ${read.ledger.accepted} accepted rows`);
    const { ledger } = read;
    const [accepted, quarantine] = await Promise.all([
      uploadFile(deps.store, keys.accepted(day, name), read.acceptedFile, ledger.accepted),
      uploadFile(deps.store, keys.quarantine(day, name), read.quarantineFile, countRejected(ledger)),
    ]);
    const checks = measureChecks(ledger, read.eventTypes, quality);
    const { acceptedByEventDay, bytes } = read;
    return { day, inputs, configHash, accepted, quarantine, ledger, acceptedByEventDay, checks, bytes };
  });
}
