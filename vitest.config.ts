import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/support/closing-line-reporter.ts';
import { ServersFirst } from './test/support/servers-first.ts';

/** Tests of what can be set once a process. */
const ofOwnProcess = [
  'test/activities/stage-metrics.test.ts',
  'test/engine/time-zone.test.ts',
  'test/workers/interceptors.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup-file.ts'],
    provide: { isSlowRun: false },
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: ServersFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    reporters: ['default', new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ofOwnProcess,
          // Loading the servers' clients, Polars and DuckDB anew for each file would take longer than most of them.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'own process', include: ofOwnProcess } },
    ],
  },
});
