import { z } from 'zod';
import { configSchema } from './schema.ts';

/** One key of the configuration that holds a value. */
export interface ConfigKey {
  /** Dotted, for example `s3.bucket`. */
  readonly path: string;
  /** Environment variable that sets it. */
  readonly variable: string;
  /** What its text in an environment variable is read as. */
  readonly reads: 'text' | 'number' | 'boolean' | 'list';
  readonly secret: boolean;
}

/** Keys of each section by the section's dotted path, '' for the top. */
export const sections = new Map<string, readonly string[]>();

/** Every key that holds a value, in the schema's order. */
export const configKeys: readonly ConfigKey[] = listKeys(configSchema, []);

function listKeys(schema: z.ZodType, path: readonly string[]): ConfigKey[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    sections.set(path.join('.'), Object.keys(inner.shape));
    return Object.entries(inner.shape).flatMap(([key, child]) => listKeys(child as z.ZodType, [...path, key]));
  }
  const variable = `QUESTLINE_${path.map((part) => part.replaceAll(/[A-Z]/g, '_$&').toUpperCase()).join('_')}`;
  return [{ path: path.join('.'), variable, reads: readsAs(inner), secret: isSecret(schema) }];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
}

function readsAs(schema: z.ZodType): ConfigKey['reads'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  return schema instanceof z.ZodArray ? 'list' : 'text';
}

function isSecret(schema: z.ZodType): boolean {
  if (schema.meta()?.['secret'] === true) return true;
  return schema instanceof z.ZodDefault ? isSecret(schema.unwrap() as z.ZodType) : false;
}
