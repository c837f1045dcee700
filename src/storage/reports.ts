import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { describeReport, type QualityReport } from '../domain/quality-report.ts';
import { parseStored, readBytes, writeNamed } from './bytes.ts';
import { arrivalReadingSchema, arrivalRecordSchema } from './catalog-format.ts';
import { keys } from './keys.ts';
import type { ObjectStore } from './object-store.ts';
import { sha256 } from './sha256.ts';

const reportSchema = z.object({
  verdict: z.enum(['passed', 'held', 'failed', 'approved', 'rejected']),
  record: arrivalRecordSchema,
  measures: arrivalReadingSchema.shape.measures,
  trend: z.record(
    z.string(),
    z.array(z.object({ day: arrivalRecordSchema.shape.day, value: z.number().nullable() })),
  ),
});

/** Stores a report as JSON and as markdown, named by its content, and tells where the JSON stands. */
export async function writeReport(
  store: ObjectStore,
  report: QualityReport,
): Promise<{ readonly key: string; readonly sha256: string }> {
  const body = Buffer.from(canonicalJson(report));
  const hash = sha256(body);
  const name = hash.slice(0, 24);
  const { day } = report.record;
  await writeNamed(store, keys.report(day, name, 'md'), Buffer.from(`${describeReport(report)}\n`));
  await writeNamed(store, keys.report(day, name), body);
  return { key: keys.report(day, name), sha256: hash };
}

/** Where the markdown of a report stands, by where its JSON does. */
export function nameOfReportTwin(key: string): string {
  return key.replace(/\.json$/, '.md');
}

/** Reads a report, checked against its hash when one is given; null when it is not there or is another. */
export async function readReport(
  store: ObjectStore,
  key: string,
  hash?: string,
): Promise<QualityReport | null> {
  const bytes = await readBytes(store, key);
  if (bytes === null || (hash !== undefined && sha256(bytes) !== hash)) return null;
  return parseStored(key, bytes, reportSchema);
}
