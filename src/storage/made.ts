import type { ZodType } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { readJson, writeNamed } from './bytes.ts';
import { keys } from './keys.ts';
import type { ObjectStore } from './object-store.ts';
import { nameOf } from './sha256.ts';

/** Changes when the output of a stage for the same inputs changes; part of every content name. */
export const codeVersions = {
  validate: 3,
  clean: 2,
  aggregate: 2,
  sessions: 1,
  publish: 3,
} as const;

/** A stage with content-named output. */
export type MakingStage = keyof typeof codeVersions;

/** What one output of a stage follows from: `scope` is a day or `all`, `inputs` everything else. */
export interface Recipe {
  readonly stage: MakingStage;
  readonly scope: string;
  readonly inputs: unknown;
}

/** The name that an output gets from its inputs and the stage's code version. */
export function nameOfOutput({ stage, scope, inputs }: Recipe): string {
  return nameOf({ stage, scope, inputs, version: codeVersions[stage] });
}

/**
 * Returns the record of an output that is there already, or makes it: `make` writes the objects under the name it is
 * given and returns the record, which is written last. Two makers at once write the same. `make` has to write every object that the
 * record names, also where it is there already (`writeNamed`, `uploadFile`): cleaning up rests on it.
 */
export async function makeOnce<T>(
  store: ObjectStore,
  recipe: Recipe,
  schema: ZodType<T>,
  make: (name: string) => Promise<T>,
): Promise<{ readonly record: T; readonly key: string; readonly body: Buffer; readonly found: boolean }> {
  const name = nameOfOutput(recipe);
  const key = keys.madeBy(recipe.stage, recipe.scope, name);
  const before = await readJson(store, key, schema);
  if (before !== null) return { record: before, key, body: Buffer.from(canonicalJson(before)), found: true };
  const record = await make(name);
  const body = Buffer.from(canonicalJson(record));
  await writeNamed(store, key, body);
  return { record, key, body, found: false };
}
