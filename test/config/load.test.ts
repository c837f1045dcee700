import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/key-paths.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { valueAt } from '../../src/config/tree.ts';
import { listProblems, makeRoot } from './temporary-root.ts';

const bucket = (name: string) => `s3:\n  bucket: ${name}\n`;

describe('loadConfig', () => {
  it.each([{}, { QUESTLINE_ENV: 'production' }, { QUESTLINE_ENV: '', QUESTLINE_CONFIG: '' }])(
    'works with no file at all, with %j',
    (env) => {
      const { config, origins, environment } = loadConfig(env, makeRoot());
      expect(config).toEqual(configSchema.parse({}));
      expect(environment).toBe(env.QUESTLINE_ENV || 'development');
      expect([...origins.keys()]).toEqual(configKeys.map(({ path }) => path));
      expect(new Set(origins.values())).toEqual(new Set(['default']));
    },
  );

  it('takes empty files and empty sections as nothing said', () => {
    const root = makeRoot({
      'config/default.yaml': '# nothing\n',
      'config/development.yaml': 's3:\ntemporal: ~\n',
    });
    expect(loadConfig({}, root).config).toEqual(configSchema.parse({}));
  });

  it('takes each key from the highest source that names it, and says which', () => {
    const sources = [
      { file: 'config/default.yaml', origin: 'config/default.yaml:2' },
      { file: 'config/production.yaml', origin: 'config/production.yaml:2' },
      { file: 'own/default.yaml', origin: 'own/default.yaml:2' },
      { file: 'own/production.yaml', origin: 'own/production.yaml:2' },
      { variable: 'TEMPORAL_NAMESPACE', origin: 'TEMPORAL_NAMESPACE' },
      { variable: 'QUESTLINE_TEMPORAL_NAMESPACE', origin: 'QUESTLINE_TEMPORAL_NAMESPACE' },
    ];
    for (let chosen = 0; chosen < 2 ** sources.length; chosen += 1) {
      const named = sources.filter((_, n) => chosen & (2 ** n));
      const files = named.flatMap(({ file, origin }) =>
        file === undefined ? [] : [[file, `temporal:\n  namespace: ${origin.replace(':', '-')}\n`] as const],
      );
      const root = makeRoot({ 'own/default.yaml': '', ...Object.fromEntries(files) });
      const variables = named.flatMap(({ variable }) =>
        variable === undefined ? [] : [[variable, variable] as const],
      );
      const env = {
        QUESTLINE_ENV: 'production',
        QUESTLINE_CONFIG: join(root, 'own'),
        ...Object.fromEntries(variables),
      };
      const { config, origins } = loadConfig(env, root);
      const top = named.at(-1)?.origin ?? 'default';
      expect(config.temporal.namespace).toBe(top.replace(':', '-'));
      expect(origins.get('temporal.namespace')).toBe(top);
    }
  });

  it('reads the file that QUESTLINE_CONFIG names after the environment’s, wherever it lies', () => {
    const own = join(makeRoot({ 'mine.yaml': `\n${bucket('mine')}` }), 'mine.yaml');
    const root = makeRoot({ 'config/development.yaml': `${bucket('theirs')}  region: kept\n` });
    const { config, origins } = loadConfig({ QUESTLINE_CONFIG: own }, root);
    expect([config.s3.bucket, config.s3.region]).toEqual(['mine', 'kept']);
    expect(origins.get('s3.bucket')).toBe(`${own}:3`);
  });

  it('takes an environment that only a file of the project or of one’s own folder defines', () => {
    const root = makeRoot({
      'config/staging.yaml': bucket('staged'),
      'own/load-test.yaml': bucket('loaded'),
    });
    expect(loadConfig({ QUESTLINE_ENV: 'staging' }, root).config.s3.bucket).toBe('staged');
    const env = { QUESTLINE_ENV: 'load-test', QUESTLINE_CONFIG: join(root, 'own') };
    expect(loadConfig(env, root).config.s3.bucket).toBe('loaded');
  });

  it.each(['prodution', 'default', '../config/production', 'toString'])('has no environment "%s"', (name) => {
    const root = makeRoot({
      'config/default.yaml': '',
      'config/production.yaml': '',
      'config/staging.yaml': '',
    });
    const problems = listProblems(root, { QUESTLINE_ENV: name });
    const meant = name === 'prodution' ? ' Did you mean production?' : '';
    expect(problems).toEqual([
      `QUESTLINE_ENV is "${name}"; expected one of development, production, staging, test.${meant}`,
    ]);
  });

  it('lays the file of the game that QUESTLINE_GAME names over the environment’s, from each folder', () => {
    const limit = (n: number) => `quality:\n  minimumEvents:\n    threshold: ${n}\n`;
    const root = makeRoot({
      'config/development.yaml': limit(1),
      'config/games/puzzle.yaml': limit(2),
      'config/games/racer.yaml': limit(3),
      'own/games/racer.yaml': limit(4),
    });
    const load = (env: NodeJS.ProcessEnv) => loadConfig(env, root).config.quality.minimumEvents.threshold;
    expect([load({}), load({ QUESTLINE_GAME: 'puzzle' }), load({ QUESTLINE_GAME: 'racer' })]).toEqual([
      1, 2, 3,
    ]);
    expect(load({ QUESTLINE_GAME: 'racer', QUESTLINE_CONFIG: join(root, 'own') })).toBe(4);
    expect(listProblems(root, { QUESTLINE_GAME: 'pzzle' })).toEqual([
      'QUESTLINE_GAME is "pzzle"; expected one of puzzle, racer. Did you mean puzzle?',
    ]);
    expect(listProblems(makeRoot(), { QUESTLINE_GAME: 'puzzle' })).toEqual([
      'QUESTLINE_GAME is "puzzle"; there is no file games/NAME.yaml beside default.yaml.',
    ]);
  });

  it('says when QUESTLINE_CONFIG names nothing, or a folder with nothing to read', () => {
    const root = makeRoot({ 'config/default.yaml': '', 'con/other.yaml': '' });
    const gone = join(root, 'gone.yaml');
    const folder = join(root, 'con');
    expect(listProblems(root, { QUESTLINE_CONFIG: gone })).toEqual([
      `QUESTLINE_CONFIG is "${gone}", which does not exist. Give a YAML file or a folder.`,
    ]);
    expect(listProblems(root, { QUESTLINE_CONFIG: folder })).toEqual([
      `QUESTLINE_CONFIG is "${folder}", a folder with neither default.yaml nor development.yaml in it.`,
    ]);
  });

  it('says when a file can’t be read', () => {
    const root = makeRoot({ 'config/default.yaml/file-in-a-folder': '' });
    expect(listProblems(root)).toEqual([
      expect.stringMatching(/^config\/default\.yaml: can't be read: EISDIR/),
    ]);
  });

  it('tells all problems of all sources at once', () => {
    const root = makeRoot({
      'config/default.yaml': 's3:\n  buckett: x\nembedded:\n  minioPort: abc\n',
      'config/development.yaml': 'worker: [\n',
      'config/production.yaml': 'not: read\n',
    });
    const problems = listProblems(root, {
      QUESTLINE_GENERATOR_SEED: 'dice',
      QUESTLINE_GENERATOR_PLYERS: '7',
    });
    expect(problems).toEqual([
      'config/default.yaml:2: s3.buckett is not a key of s3. Allowed: endpoint, region, bucket, pathStyle, accessKeyId, secretAccessKey, sessionToken, checksums. Did you mean bucket?',
      expect.stringMatching(/^config\/development\.yaml:2: not valid YAML: /),
      expect.stringMatching(/^QUESTLINE_GENERATOR_PLYERS is not a variable of Questline\./),
      'config/default.yaml:4: embedded.minioPort is "abc"; expected a whole number from 0 to 65535.',
      'QUESTLINE_GENERATOR_SEED: generator.seed is "dice"; expected a whole number from 0 to 4294967295.',
    ]);
  });

  it('freezes the configuration in all its depth', () => {
    const root = makeRoot({ 'config/default.yaml': 'quality:\n  requiredTypes:\n    types: [purchase]\n' });
    for (const { config } of [loadConfig({}, root), loadConfig({}, makeRoot())]) {
      const sections = [
        config,
        config.temporal.tls,
        config.quality.requiredTypes.types,
        ...Object.values(config),
      ];
      for (const section of sections) expect(Object.isFrozen(section)).toBe(true);
    }
  });

  it('reads the same from variables as from YAML', () => {
    const samples = fc.record({
      'temporal.tls.enabled': fc.boolean(),
      'generator.seed': fc.integer({ min: 0, max: 4_294_967_295 }),
      'quality.malformedLines.share': fc.double({ min: 0, max: 1, noNaN: true }),
      'quality.requiredTypes.types': fc.array(fc.stringMatching(/^[a-z_]{1,12}$/)),
      'worker.scratchDir': fc.option(fc.stringMatching(/^[!-~]{1,20}$/)),
    });
    fc.assert(
      fc.property(samples, (sample) => {
        const env: Record<string, string> = {};
        const tree: Record<string, Record<string, unknown>> = { quality: {} };
        for (const [path, value] of Object.entries(sample)) {
          const [section = '', key = '', inner] = path.split('.');
          (tree[section] ??= {})[key] = inner === undefined ? value : { [inner]: value };
          env[configKeys.find((at) => at.path === path)?.variable ?? ''] =
            value === null ? '' : String(value);
        }
        const root = makeRoot({ 'config/default.yaml': JSON.stringify(tree) });
        const { config } = loadConfig(env, makeRoot());
        expect(config).toEqual(loadConfig({}, root).config);
        for (const [path, value] of Object.entries(sample)) expect(valueAt(config, path)).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });
});
