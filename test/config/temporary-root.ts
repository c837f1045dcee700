import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';

/** A project folder with these files, by path in it; it goes when the test ends. */
export function makeRoot(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'questline-config-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** Problems that loading ends with; a configuration that is taken fails the test. */
export function listProblems(root: string, env: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    loadConfig(env, root);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toBe(error.problems.join('\n'));
    return error.problems;
  }
  throw new Error('the configuration was taken');
}

/** Problems of this text as config/default.yaml. */
export function listProblemsOf(text: string): readonly string[] {
  return listProblems(makeRoot({ 'config/default.yaml': text }));
}
