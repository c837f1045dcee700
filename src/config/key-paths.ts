import { z } from 'zod';
import { secrets } from './fields.ts';
import { configSchema } from './schema.ts';

/** One key of the configuration that holds a value. */
export interface ConfigKey {
  /** Dotted, for example `s3.bucket`. */
  readonly path: string;
  /** Environment variable that sets it. */
  readonly variable: string;
  /** What its text in an environment variable is read as. */
  readonly reads: 'text' | 'number' | 'boolean' | 'list';
  readonly nullable: boolean;
  readonly secret: boolean;
}

/** Keys of each section by the section's dotted path, '' for the top. */
export const sections = new Map<string, readonly string[]>();

/** Every key that holds a value, in the schema's order. */
export const configKeys: readonly ConfigKey[] = listKeys(configSchema, []);

/** Name of the environment variable of a dotted key or section. */
export function variableOf(path: string): string {
  return `QUESTLINE_${path.replaceAll('.', '_').replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
}

function listKeys(schema: z.core.$ZodType, path: readonly string[]): ConfigKey[] {
  const { inner, nullable, secret } = unwrap(schema);
  const dotted = path.join('.');
  if (inner instanceof z.ZodObject) {
    const children: [string, z.core.$ZodType][] = Object.entries(inner.shape);
    sections.set(
      dotted,
      children.map(([key]) => key),
    );
    return children.flatMap(([key, child]) => listKeys(child, [...path, key]));
  }
  return [{ path: dotted, variable: variableOf(dotted), reads: readsAs(inner), nullable, secret }];
}

function unwrap(schema: z.core.$ZodType): { inner: z.core.$ZodType; nullable: boolean; secret: boolean } {
  let inner = schema;
  let nullable = false;
  let secret = secrets.has(schema);
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodReadonly
  ) {
    nullable ||= inner instanceof z.ZodNullable;
    inner = inner.unwrap();
    secret ||= secrets.has(inner);
  }
  return { inner, nullable, secret };
}

function readsAs(schema: z.core.$ZodType): ConfigKey['reads'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  return schema instanceof z.ZodArray ? 'list' : 'text';
}
