import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '../../src/config/load.ts';
import { startStack } from '../../src/stack/start-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of the servers that all tests share. */
    dataDir: string;
    /** Of what property tests draw. */
    seed: number;
  }
}

/** Starts a real Temporal and a real MinIO on free ports for all tests, in a folder of their own, and ends them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'questline-test-'));
  // Every worker of the tests and every command is a process that loads the same modules.
  process.env['NODE_COMPILE_CACHE'] ??= join(dataDir, 'compiled');
  const { QUESTLINE_TEST_SEED: seed = '20260101' } = process.env;
  delete process.env['QUESTLINE_TEST_SEED'];
  const { config } = loadConfig({
    ...process.env,
    QUESTLINE_ENV: 'test',
    QUESTLINE_EMBEDDED_DATA_DIR: dataDir,
  });
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  const stack = await startStack(config, { say: tell, warn: tell });
  project.provide('dataDir', dataDir);
  project.provide('seed', Number(seed));
  return async () => {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
}
