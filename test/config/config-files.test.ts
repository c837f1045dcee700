import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/key-paths.ts';
import { loadConfig, projectRoot } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { valueAt } from '../../src/config/tree.ts';
import { listProblems, makeRoot } from './temporary-root.ts';

const text = readFileSync(join(projectRoot, 'config', 'default.yaml'), 'utf8');
const lines = text.split('\n');

function loadDefault() {
  return loadConfig({}, makeRoot({ 'config/default.yaml': text }));
}

/** Comment that stands directly above a key. */
function commentOn(path: string): string {
  const line = Number(loadDefault().origins.get(path)?.split(':')[1]);
  const above: string[] = [];
  for (let n = line - 2; /^\s*#/.test(lines[n] ?? ''); n -= 1)
    above.unshift((lines[n] ?? '').replace(/^\s*#\s*/, ''));
  return above.join(' ');
}

describe('config/default.yaml', () => {
  it.each(configKeys.map(({ path }) => path))('has %s at the default of the schema', (path) => {
    const { config, origins } = loadDefault();
    expect(origins.get(path)).toMatch(/^config\/default\.yaml:\d+$/);
    expect(valueAt(config, path)).toEqual(valueAt(configSchema.parse({}), path));
  });

  it.each(configKeys)(
    'says of $path what it does and what is allowed',
    ({ path, variable, reads, nullable }) => {
      const comment = commentOn(path);
      expect(comment).toMatch(/^\S.{15,}[.]$/);
      if (nullable) expect(comment).toMatch(/\bnull\b/);
      if (reads === 'boolean') expect(comment).toMatch(/\btrue\b.*\bfalse\b/);
      const refusal = listProblems(makeRoot(), { [variable]: ' ' })[0] ?? '';
      const numbers =
        / (?:number|number of at least|number from) .*$/.exec(refusal)?.[0].match(/-?\d+/g) ?? [];
      const words = /expected one of (.*)\.$/.exec(refusal)?.[1]?.split(', ') ?? [];
      for (const allowed of [...numbers, ...words]) expect(comment.match(/-?[\w]+/g)).toContain(allowed);
      if (reads === 'number') expect(numbers.length).toBeGreaterThan(0);
    },
  );
});

describe('the files of the environments', () => {
  const load = (environment: string) => loadConfig({ QUESTLINE_ENV: environment }).config;

  it.each(['development', 'test', 'production'])(
    '%s says only what differs from the defaults',
    (environment) => {
      const root = makeRoot();
      mkdirSync(join(root, 'config'));
      const name = `${environment}.yaml`;
      copyFileSync(join(projectRoot, 'config', name), join(root, 'config', name));
      const { config, origins } = loadConfig({ QUESTLINE_ENV: environment }, root);
      const said = [...origins].filter(([, origin]) => origin !== 'default');
      for (const [path] of said)
        expect(valueAt(config, path), path).not.toEqual(valueAt(configSchema.parse({}), path));
      expect(said.length > 0).toBe(environment !== 'development');
    },
  );

  it('run tests on free ports with short heartbeats, and production on AWS', () => {
    const { embedded, temporal } = load('test');
    const ports = [
      embedded.temporalPort,
      embedded.temporalUiPort,
      embedded.minioPort,
      embedded.minioConsolePort,
    ];
    expect([...ports, temporal.heartbeatTimeoutSeconds]).toEqual([0, 0, 0, 0, 3]);
    expect(load('production').s3).toMatchObject({ endpoint: 'aws', pathStyle: false });
  });
});
