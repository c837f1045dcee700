import { basename } from 'node:path';
import { ConfigError } from '../config/config-error.ts';
import { loadPreset } from '../config/load-preset.ts';
import type { Config } from '../config/schema.ts';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { defectKinds, type GameModel } from '../domain/game-model.ts';
import type { GenerateRequest, GenerateResult } from '../domain/pipeline.ts';
import { type Scenario, type ScenarioName, scenarioNames, scenarios } from '../generator/scenarios.ts';
import { Simulation } from '../generator/simulation.ts';
import type { GeneratorSpec, OutputSpec } from '../generator/spec.ts';
import type { GeneratorIdentity } from '../generator/truth.ts';
import { keys } from '../storage/keys.ts';
import {
  generatedKeys,
  generatedPrefix,
  landGeneratedDay,
  landGeneratedProfiles,
  listKeys,
  nameOfSpec,
} from '../storage/land-generated.ts';
import type { ObjectSink } from '../storage/object-store.ts';
import type { Dependencies } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';

const MOST_SEED = 4_294_967_295;

/** What the command line may ask for beyond a run's request. */
export interface GeneratorChanges {
  /** Rates by kind of defect, instead of the preset's. */
  readonly defects?: Readonly<Record<string, number>>;
  readonly output?: Partial<OutputSpec>;
}

/** A spec and what its truth says of where it came from. */
export interface GeneratorPlan {
  readonly spec: GeneratorSpec;
  readonly identity: GeneratorIdentity;
}

/** The generator's spec: what is asked for, the rest from the config. A wrong request is a `ConfigError`. */
export function planGenerator(
  { generator }: Config,
  request: GenerateRequest,
  changes: GeneratorChanges = {},
): GeneratorPlan {
  const { preset = generator.preset, seed = generator.seed } = request;
  const model = loadPreset(preset, {
    players: request.players ?? generator.players,
    defects: changes.defects,
  });
  if (!Number.isInteger(seed) || seed < 0 || seed > MOST_SEED) {
    throw new ConfigError([
      `seed is ${JSON.stringify(seed)}; expected a whole number from 0 to ${MOST_SEED}.`,
    ]);
  }
  const { format, compression, filesADay: files } = generator;
  const output = { format, compression, files, ...changes.output };
  const scenario = checkScenario(request.scenario ?? null, model, output);
  const spec = { seed, model, scenario, output };
  const identity = {
    spec: nameOfSpec(spec),
    preset: basename(preset),
    scenario,
    seed,
    players: model.players,
  };
  return { spec, identity };
}

/**
 * Makes the synthetic events of one arrival day, once. A day that holds landed data is left alone; one that holds events of
 * another spec is an `InvalidRequest`, since raw data is never replaced.
 */
export async function generateArrival(
  deps: Pick<Dependencies, 'config' | 'store'>,
  stage: StageContext,
  { day, request }: { readonly day: Day; readonly request: GenerateRequest },
): Promise<GenerateResult> {
  const { spec, identity } = planRequest(deps.config, request);
  const skipped = await findReasonToSkip(deps.store, spec, day);
  if (skipped !== null) return { skipped, events: 0, lines: 0, bytes: 0 };
  checkLaunch(spec, day);
  stage.tell(`playing ${spec.model.players} players`);
  const simulation = new Simulation(spec);
  await landGeneratedProfiles(deps.store, simulation);
  const truth = await landGeneratedDay(deps.store, simulation, identity, day, {
    onTurn: ({ object, of, events }) => {
      stage.tell(`object ${object} of ${of}, ${events} events so far`);
      stage.stopIfCancelled();
    },
  });
  const { lines, bytes } = truth.arrival;
  stage.count({ events: truth.simulated.events, bytes });
  return { skipped: null, events: truth.simulated.events, lines, bytes };
}

/** Why a day's synthetic events need not or must not be made, or null. */
export async function findReasonToSkip(
  sink: ObjectSink,
  spec: GeneratorSpec,
  day: Day,
): Promise<'made-before' | 'landed-data' | null> {
  const own = generatedKeys(spec, day);
  const present = [...(await listKeys(sink, keys.rawDay(day)))];
  const others = present.filter(
    (key) => key.startsWith(keys.rawObject(day, generatedPrefix)) && !own.includes(key),
  );
  if (others.length > 0) {
    throw new TerminalError(
      'InvalidRequest',
      `${day} holds generated events of another seed, preset, scenario or generator setting (${others[0]}). Use the same ones, or another bucket or folder.`,
      { day, present: others },
    );
  }
  if (present.some((key) => !own.includes(key))) return 'landed-data';
  const truth = keys.truth(day);
  return present.length > 0 && (await listKeys(sink, truth)).has(truth) ? 'made-before' : null;
}

/** Refuses a day before the synthetic game was launched. */
export function checkLaunch({ model: { launchDay } }: GeneratorSpec, day: Day): void {
  if (day >= launchDay) return;
  throw new TerminalError(
    'InvalidRequest',
    `${day} is before the preset's launchDay, ${launchDay}: nobody played yet. Give a later day, or a preset with an earlier launch.`,
    { day, launchDay },
  );
}

function planRequest(config: Config, request: GenerateRequest): GeneratorPlan {
  try {
    return planGenerator(config, request);
  } catch (error) {
    if (error instanceof ConfigError) throw new TerminalError('InvalidRequest', error.message, { request });
    throw error;
  }
}

function checkScenario(name: string | null, model: GameModel, output: OutputSpec): ScenarioName | null {
  if (name === null) return null;
  const known = scenarioNames.find((one) => one === name);
  if (known === undefined) {
    throw new ConfigError([`There is no scenario "${name}". Expected one of ${scenarioNames.join(', ')}.`]);
  }
  const scenario: Scenario = scenarios[known];
  if (scenario.cutOff === true && output.compression === 'none') {
    throw new ConfigError([
      `The scenario ${known} needs compressed files: a plain file that is cut off is a shorter file. Use gzip or zstd.`,
    ]);
  }
  const rates = { ...model.defects, ...scenario.defects };
  const total = defectKinds.reduce((sum, kind) => sum + rates[kind], 0);
  if (total > 1) {
    throw new ConfigError([
      `The rates of defects and those of the scenario ${known} sum to ${Number(total.toFixed(6))}; expected 1 at most.`,
    ]);
  }
  return known;
}
