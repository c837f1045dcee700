import { mkdtempSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineCounter, parseDocument, isMap, isScalar, type YAMLMap } from 'yaml';
import { ConfigError } from '../../src/config/config-error.ts';
import { describeConfig } from '../../src/config/describe.ts';
import { configKeys } from '../../src/config/key-paths.ts';
import { loadConfig, projectRoot } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { hashConfig } from '../../src/config/table-config.ts';

function makeRoot(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'questline-config-'));
  mkdirSync(join(root, 'config'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'config', name), text);
  return root;
}

function problemsOf(files: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    loadConfig(env, makeRoot(files));
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
  throw new Error('the configuration was taken');
}

describe('loadConfig', () => {
  it('works with no file at all', () => {
    const { config, origins } = loadConfig({}, mkdtempSync(join(tmpdir(), 'questline-none-')));
    expect(config).toEqual(configSchema.parse({}));
    expect(new Set(origins.values())).toEqual(new Set(['default']));
  });

  it('lays the environment over the defaults, one’s own file over that, and variables over all', () => {
    const own = join(makeRoot({ 'mine.yaml': 's3:\n  region: three\n  bucket: own-bucket\n' }), 'config', 'mine.yaml');
    const root = makeRoot({
      'default.yaml': 's3:\n  region: one\n  bucket: one-bucket\nworker:\n  memoryMb: 111\n',
      'production.yaml': 's3:\n  region: two\n  bucket: two-bucket\n',
    });
    const env = { QUESTLINE_ENV: 'production', QUESTLINE_CONFIG: own, QUESTLINE_S3_BUCKET: 'four-bucket' };
    const { config, origins, environment } = loadConfig(env, root);
    expect([config.worker.memoryMb, config.s3.region, config.s3.bucket, environment]).toEqual([111, 'three', 'four-bucket', 'production']);
    expect(origins.get('worker.memoryMb')).toBe('config/default.yaml:5');
    expect(origins.get('s3.region')).toMatch(/mine\.yaml:2$/);
    expect(origins.get('s3.bucket')).toBe('QUESTLINE_S3_BUCKET');
  });

  it('reads numbers, booleans and lists from variables, and the usual ones of Temporal below its own', () => {
    const env = {
      QUESTLINE_TEMPORAL_TLS_ENABLED: 'true',
      QUESTLINE_PIPELINE_LATE_WINDOW_DAYS: '3',
      QUESTLINE_QUALITY_REQUIRED_TYPES: 'purchase, ad_watched',
      TEMPORAL_ADDRESS: 'usual:7233',
      TEMPORAL_NAMESPACE: 'usual',
      QUESTLINE_TEMPORAL_NAMESPACE: 'own',
    };
    const { config } = loadConfig(env, makeRoot({}));
    expect(config.temporal.tls.enabled).toBe(true);
    expect(config.pipeline.lateWindowDays).toBe(3);
    expect(config.quality.requiredTypes).toEqual(['purchase', 'ad_watched']);
    expect([config.temporal.address, config.temporal.namespace]).toEqual(['usual:7233', 'own']);
  });
});

describe('a configuration that is wrong', () => {
  it('names file, line, key and what is allowed, all problems at once', () => {
    const problems = problemsOf(
      { 'default.yaml': 's3:\n  buckett: x\n\nembedded:\n  minioPort: 70000\nwrok:\n  a: 1\nworker: 3\n' },
      { QUESTLINE_S3_REGOIN: 'x', QUESTLINE_WORKER_MEMORY_MB: 'lots' },
    );
    expect(problems).toEqual([
      expect.stringMatching(/^config\/default\.yaml:2: s3\.buckett is not a key of s3\. Allowed: endpoint, .*Did you mean bucket\?$/),
      expect.stringMatching(/^config\/default\.yaml:6: wrok is not a section of the configuration\. Allowed: temporal, .*worker/),
      expect.stringMatching(/^config\/default\.yaml:8: worker is a section, not a value/),
      'QUESTLINE_S3_REGOIN is not a variable of Questline. Did you mean QUESTLINE_S3_REGION?',
      'config/default.yaml:5: embedded.minioPort is 70000; expected at most 65535.',
      expect.stringMatching(/^QUESTLINE_WORKER_MEMORY_MB: worker\.memoryMb is "lots"; expected/),
    ]);
  });

  it.each([
    ['s3:\n  bucket: a\n  bucket: b\n', /^config\/default\.yaml:3: Map keys must be unique/],
    ['s3: [\n', /^config\/default\.yaml:\d: /],
    ['- a\n', /the file is not a map of sections/],
    ['demo:\n  from: 2026-02-30\n  to: 2026-03-01\n', /:2: demo\.from is "2026-02-30"; expected a day of the calendar/],
    ['demo:\n  from: 2026-03-02\n  to: 2026-03-01\n', /demo\.from is after demo\.to/],
    ['s3:\n  accessKeyId: a\n', /set both, or neither/],
    ['schedule:\n  timeOfDay: "25:00"\n', /expected HH:MM/],
    ['pipeline:\n  source: magic\n', /expected one of landed, synthetic/],
    ['generator:\n  defects:\n    late: 1.5\n', /generator\.defects\.late is 1\.5; expected at most 1/],
    ['generator:\n  players: 2.5\n', /generator\.players is 2\.5; expected/],
    ['s3:\n  bucket: Has_Capitals\n', /s3\.bucket is "Has_Capitals"; expected 3 to 63 characters/],
  ])('%j is refused', (text, reason) => {
    expect(problemsOf({ 'default.yaml': text }).join('\n')).toMatch(reason);
  });

  it('has an environment or a file that is not there', () => {
    const files = { 'production.yaml': '', 'test.yaml': '' };
    expect(problemsOf(files, { QUESTLINE_ENV: 'prod' })).toEqual(['QUESTLINE_ENV is "prod"; allowed: production, test.']);
    expect(problemsOf(files, { QUESTLINE_CONFIG: '/no/such/file.yaml' })).toEqual([
      'QUESTLINE_CONFIG is "/no/such/file.yaml", which does not exist. Give a YAML file or a folder.',
    ]);
  });

  it('never shows a secret’s value', () => {
    const env = { QUESTLINE_S3_SECRET_ACCESS_KEY: 'hunter2hunter2' };
    expect(problemsOf({}, env).join('\n')).not.toContain('hunter2');
  });
});

describe('describeConfig', () => {
  it('masks secrets that are set, and only those', () => {
    const env = { QUESTLINE_S3_ACCESS_KEY_ID: 'id', QUESTLINE_S3_SECRET_ACCESS_KEY: 'secret', QUESTLINE_TEMPORAL_API_KEY: 'key' };
    const rows = new Map(describeConfig(loadConfig(env, makeRoot({}))).map((row) => [row.key, row.value]));
    expect(rows.get('s3.secretAccessKey')).toBe('••••');
    expect(rows.get('temporal.apiKey')).toBe('••••');
    expect(rows.get('s3.sessionToken')).toBeNull();
    expect(rows.get('s3.accessKeyId')).toBe('id');
  });
});

describe('config/default.yaml', () => {
  const text = readFileSync(join(projectRoot, 'config', 'default.yaml'), 'utf8');

  it('has every key at its default', () => {
    const { config, origins } = loadConfig({}, makeRoot({ 'default.yaml': text }));
    expect(config).toEqual(configSchema.parse({}));
    for (const { path } of configKeys) expect(origins.get(path), path).toMatch(/^config\/default\.yaml:\d+$/);
  });

  it('says of every key what it does', () => {
    const lines = text.split('\n');
    const counter = new LineCounter();
    const document = parseDocument(text, { lineCounter: counter });
    const silent: string[] = [];
    const visit = (map: YAMLMap, depth: number) => {
      for (const { key, value } of map.items) {
        if (isScalar(key) && depth > 0) {
          const line = counter.linePos(key.range?.[0] ?? 0).line;
          if (!/^\s*#/.test(lines[line - 2] ?? '') && !isMap(value)) silent.push(String(key.value));
        }
        if (isMap(value)) visit(value, depth + 1);
      }
    };
    visit(document.contents as YAMLMap, 0);
    expect(silent).toEqual([]);
  });
});

describe('hashConfig', () => {
  it('follows what can change tables, and nothing else', () => {
    const hash = (env: NodeJS.ProcessEnv) => hashConfig(loadConfig(env, makeRoot({})).config);
    const plain = hash({});
    expect(hash({ QUESTLINE_S3_BUCKET: 'other', QUESTLINE_WORKER_COMPUTE_SLOTS: '7' })).toBe(plain);
    expect(hash({ QUESTLINE_QUALITY_MINIMUM_EVENTS: '7' })).not.toBe(plain);
    expect(hash({ QUESTLINE_PIPELINE_BASE_CURRENCY: 'EUR' })).not.toBe(plain);
  });
});
