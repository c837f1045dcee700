import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { StageMetrics } from '../../src/activities/stage-metrics.ts';
import { choosePort } from '../../src/stack/ports.ts';
import { installRuntime } from '../../src/workers/runtime.ts';
import { scrapeMetrics } from '../support/metrics.ts';

it('what an attempt worked through counts once it stands: when it was made or failed, not when it is tried again', async () => {
  const address = `127.0.0.1:${(await choosePort(0)).port}`;
  installRuntime(pino({ level: 'silent' }), address);
  const metrics = new StageMetrics(Runtime.instance().metricMeter);
  const arrival = { lines: 10, accepted: 7, rejected: { future: 2 }, superseded: 1 };
  for (const outcome of ['made', 'failed', 'errored', 'cancelled'] as const) {
    metrics.record('validate', outcome, 0.5, { events: 10, bytes: 100, arrival });
  }
  metrics.record('validate', 'found', 0.01, null);
  const samples = await scrapeMetrics(address);
  const runs = (outcome: string) =>
    samples.get(`questline_stage_runs_total{outcome="${outcome}",stage="validate"}`);
  expect(['made', 'failed', 'errored', 'cancelled', 'found'].map(runs)).toEqual([1, 1, 1, 1, 1]);
  expect(samples.get('questline_events_total{stage="validate"}')).toBe(20);
  expect(samples.get('questline_bytes_total{stage="validate"}')).toBe(200);
  expect(samples.get('questline_lines_total{outcome="accepted"}')).toBe(14);
  expect(samples.get('questline_lines_total{outcome="rejected",reason="future"}')).toBe(4);
  expect(samples.get('questline_lines_total{outcome="superseded"}')).toBe(2);
  expect(samples.get('questline_events_per_second_sum{stage="validate"}')).toBe(40);
});
