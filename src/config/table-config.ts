import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { Config } from './schema.ts';

/**
 * The part of the configuration that can change what is published: rules of reading and thresholds of the gate. Addresses,
 * credentials, queues and schedules are left out, since the same tables must come out wherever they are made.
 */
export function tableConfig({ pipeline, quality }: Config): unknown {
  const { lateWindowDays, futureWindowDays, naiveTimestamps, baseCurrency, maxLineBytes } = pipeline;
  return { lateWindowDays, futureWindowDays, naiveTimestamps, baseCurrency, maxLineBytes, quality };
}

/** SHA-256 of `tableConfig`: a day that was accepted under another hash is changed. */
export function hashConfig(config: Config): string {
  return createHash('sha256').update(canonicalJson(tableConfig(config))).digest('hex');
}
