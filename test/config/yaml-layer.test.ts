import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { listProblemsOf, makeRoot } from './temporary-root.ts';

describe('a YAML file', () => {
  it.each([
    [
      's3:\n  bucket: aaa\n  bucket: bbb\n',
      'config/default.yaml:3: s3.bucket is there twice, first on line 2. Keep one of them.',
    ],
    ['s3:\ndemo:\ns3:\n', 'config/default.yaml:3: s3 is there twice, first on line 1. Keep one of them.'],
    ['s3:\n\tbucket: a\n', 'config/default.yaml:2: not valid YAML: Tabs are not allowed as indentation.'],
    [
      'demo:\n---\ndemo:\n',
      'config/default.yaml:2: a second document begins here; a configuration file holds one.',
    ],
    [
      '- a\n',
      'config/default.yaml:1: the file is not a map of sections. Allowed: temporal, s3, embedded, demo, generator, worker, pipeline, tables, quality, schedule, gc, watch, dashboard, logging, metrics.',
    ],
    [
      '\nwrk: 1\n',
      'config/default.yaml:2: "wrk" is not a section of the configuration. Allowed: temporal, s3, embedded, demo, generator, worker, pipeline, tables, quality, schedule, gc, watch, dashboard, logging, metrics.',
    ],
    [
      'loging:\n  level: info\n',
      'config/default.yaml:1: "loging" is not a section of the configuration. Allowed: temporal, s3, embedded, demo, generator, worker, pipeline, tables, quality, schedule, gc, watch, dashboard, logging, metrics. Did you mean logging?',
    ],
    ['demo: 3\n', 'config/default.yaml:1: demo is a section, not a value. Allowed in it: from, to.'],
    [
      'temporal:\n  tls: true\n',
      'config/default.yaml:2: temporal.tls is a section, not a value. Allowed in it: enabled, serverName, caFile, certFile, keyFile.',
    ],
    [
      'demo:\n  form: 2026-01-01\n',
      'config/default.yaml:2: demo.form is not a key of demo. Allowed: from, to. Did you mean from?',
    ],
    [
      'demo:\n  From: 2026-01-01\n',
      'config/default.yaml:2: demo.From is not a key of demo. Allowed: from, to. Did you mean from?',
    ],
    [
      'logging:\n  level:\n    a: 1\n',
      'config/default.yaml:2: logging.level is {"a":1}; expected one of trace, debug, info, warn, error, fatal, silent.',
    ],
    [
      's3:\n  region: *eu\n',
      'config/default.yaml:2: s3.region begins with *, which YAML takes for an alias. Put it in quotes.',
    ],
    [
      'quality:\n  requiredTypes:\n    types: [*a]\n',
      'config/default.yaml:3: quality.requiredTypes.types begins with *, which YAML takes for an alias. Put it in quotes.',
    ],
    [
      's3:\n  region: !eu west\n',
      'config/default.yaml:2: a value begins with ! here, which YAML takes for a tag. Put it in quotes.',
    ],
    [
      '__proto__:\n  a: 1\n',
      'config/default.yaml:1: "__proto__" is not a section of the configuration. Allowed: temporal, s3, embedded, demo, generator, worker, pipeline, tables, quality, schedule, gc, watch, dashboard, logging, metrics.',
    ],
  ])('%j is refused with file and line', (text, problem) => {
    expect(listProblemsOf(text)).toEqual([problem]);
  });

  it.each([
    's3:\n  secretAccessKey: |hunter2\n',
    's3:\n  secretAccessKey: "hunter2\n',
    's3:\n  secretAccessKey: *hunter2\n',
    's3:\n  secretAccessKey: !hunter2 x\n',
    's3:\n  secretAccessKey: @hunter2\n',
    's3:\n  secretAccessKey: {hunter2: hunter2}\n',
    's3:\n  accessKeyId: id\n  secretAccessKey: " hunter2"\n',
    's3:\n  secretAccessKey: hunter2\n',
    's3:\n  endpoint: https://user:hunter2@s3.example.com\n',
    'temporal:\n  uiUrl: https://hunter2@example.com\n',
  ])('with a secret in %j does not show it', (text) => {
    const problems = listProblemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('may use anchors, Windows line ends and a byte order mark', () => {
    const text = '\uFEFFs3:\r\n  region: &eu eu-west-1\r\ntemporal:\r\n  namespace: *eu\r\n';
    const { config, origins } = loadConfig({}, makeRoot({ 'config/default.yaml': text }));
    expect(config.temporal.namespace).toBe('eu-west-1');
    expect(origins.get('temporal.namespace')).toBe('config/default.yaml:4');
  });
});
