import { readFileSync } from 'node:fs';

/** A line of the worker's JSON log. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly day?: string;
  readonly stage?: string;
  readonly workflowId?: string;
  readonly runId?: string;
}

/** Every line of a JSON log file; one that is no JSON is an error. */
export function readLogLines(path: string): LogLine[] {
  const text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine);
}
