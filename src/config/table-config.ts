import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { QualityRules } from '../domain/checks.ts';
import type { Config } from './schema.ts';

/** The part of the configuration that published tables depend on. */
export interface TableConfig {
  /** How lines are read. */
  readonly reading: Pick<
    Config['pipeline'],
    'lateWindowDays' | 'futureWindowDays' | 'naiveTimestamps' | 'baseCurrency' | 'maxLineBytes'
  >;
  readonly quality: QualityRules;
  readonly currencyRates: readonly string[];
  readonly tables: Config['tables'];
}

/**
 * The part of the configuration that can change what is published: rules of reading and thresholds of the gate. Left out is
 * what says where, when and how fast the work is done (addresses, credentials, queues, slots, schedule, concurrency, logging,
 * how long a hold lasts), since the same tables must come out of it; and what makes raw objects (source, generator, demo), since those are
 * inputs, hashed themselves.
 */
export function tableConfig({ pipeline, quality, tables }: Config): TableConfig {
  const { lateWindowDays, futureWindowDays, naiveTimestamps, baseCurrency, maxLineBytes, currencyRates } =
    pipeline;
  const { holdHours: _, ...rules } = quality;
  const reading = { lateWindowDays, futureWindowDays, naiveTimestamps, baseCurrency, maxLineBytes };
  return { reading, quality: rules, currencyRates, tables };
}

/** SHA-256 in hex over the canonical JSON of `tableConfig`: a day that was accepted under another hash is changed. */
export function hashConfig(config: Config): string {
  return createHash('sha256')
    .update(canonicalJson(tableConfig(config)))
    .digest('hex');
}
