import type { Config } from '../config/schema.ts';
import { tableConfig } from '../config/table-config.ts';
import type { ArrivalReading } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import { countRejected } from '../domain/ledger.ts';
import { type ReadRules, readArrival } from '../ingest/read-arrival.ts';
import { readJson, uploadFile } from '../storage/bytes.ts';
import { arrivalReadingSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import type { LandedIdentity } from '../storage/landed.ts';
import { makeOnce, nameOfOutput, type Recipe } from '../storage/made.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';
import { type ArrivalInputs, arrivalIdentity, openInputs } from './inputs.ts';

/** Sorts an arrival's lines into accepted rows and quarantine, once for the same inputs and rules of reading. */
export async function readInputs(
  deps: Dependencies,
  stage: StageContext,
  day: Day,
  inputs: ArrivalInputs,
): Promise<ArrivalReading> {
  const recipe = recipeOfReading(deps.config, day, arrivalIdentity(inputs));
  const made = await makeOnce(deps.store, recipe, arrivalReadingSchema, (name) =>
    withScratch(deps.scratchRoot, (scratch) => readAndStore(deps, stage, day, inputs, name, scratch)),
  );
  return made.record;
}

/** The reading of an arrival's data as it is, if it was made; null when the day was not validated since that changed. */
export async function findReading(
  store: ObjectStore,
  config: Config,
  day: Day,
  data: LandedIdentity,
): Promise<ArrivalReading | null> {
  const key = keys.madeBy('validate', day, nameOfOutput(recipeOfReading(config, day, data)));
  return readJson(store, key, arrivalReadingSchema);
}

/** The rules that a day's lines are read by under a configuration. */
export function rulesOfReading({ pipeline, quality }: Config, day: Day): ReadRules {
  return { day, ...pipeline, outlierAmount: quality.revenueOutliers.amount };
}

/** What a day's reading follows from under a configuration. */
export function recipeOfReading(config: Config, day: Day, arrival: LandedIdentity): Recipe {
  const { reading, quality } = tableConfig(config);
  return {
    stage: 'validate',
    scope: day,
    inputs: { ...reading, outlierAmount: quality.revenueOutliers.amount, arrival },
  };
}

async function readAndStore(
  { config, store, cache, duckDb }: Dependencies,
  stage: StageContext,
  day: Day,
  inputs: ArrivalInputs,
  name: string,
  scratch: string,
): Promise<ArrivalReading> {
  const { objects, replays } = inputs;
  stage.tell(`reading ${objects.length} objects`);
  const rules = rulesOfReading(config, day);
  const read = await readArrival(openInputs(store, objects, replays), rules, scratch, duckDb);
  stage.count({ events: read.ledger.lines, bytes: read.bytes, arrival: read.ledger });
  stage.stopIfCancelled();
  const { ledger, acceptedByEventDay, measures, bytes } = read;
  stage.tell(`storing ${ledger.accepted} accepted rows`);
  const aside = countRejected(ledger) + ledger.superseded;
  const [accepted, quarantine] = await Promise.all([
    Promise.all(
      read.acceptedParts.map(async ({ file, rows }, n) => {
        const ref = await uploadFile(store, keys.accepted(day, `${name}-${n}`), file, rows);
        await cache.keep(ref, file);
        return ref;
      }),
    ),
    uploadFile(store, keys.quarantine(day, name), read.quarantineFile, aside),
  ]);
  return {
    day,
    inputs: objects,
    replays: replays.map(({ key }) => key),
    accepted,
    quarantine,
    ledger,
    acceptedByEventDay,
    measures,
    bytes,
  };
}
