import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/key-paths.ts';
import { loadConfig } from '../../src/config/load.ts';
import { listProblems, makeRoot } from './temporary-root.ts';

const load = (env: NodeJS.ProcessEnv) => loadConfig(env, makeRoot());

describe('variables', () => {
  it('are named by section and key, and no two keys share one', () => {
    const variables = configKeys.map(({ variable }) => variable);
    expect(variables).toContain('QUESTLINE_TEMPORAL_TLS_SERVER_NAME');
    expect(variables).toContain('QUESTLINE_S3_ACCESS_KEY_ID');
    expect(new Set(variables).size).toBe(variables.length);
  });

  it('are read by the type of the key', () => {
    const { config } = load({
      QUESTLINE_TEMPORAL_TLS_ENABLED: 'true',
      QUESTLINE_S3_PATH_STYLE: 'false',
      QUESTLINE_PIPELINE_LATE_WINDOW_DAYS: '3',
      QUESTLINE_SCHEDULE_DAY_OFFSET: '-2',
      QUESTLINE_QUALITY_MALFORMED_LINES_SHARE: '2.5e-3',
      QUESTLINE_QUALITY_REQUIRED_TYPES_TYPES: 'purchase, ad_watched',
      QUESTLINE_TEMPORAL_NAMESPACE: '007',
    });
    expect(config.temporal.tls.enabled).toBe(true);
    expect(config.s3.pathStyle).toBe(false);
    expect(config.pipeline.lateWindowDays).toBe(3);
    expect(config.schedule.dayOffset).toBe(-2);
    expect(config.quality.malformedLines.share).toBe(0.0025);
    expect(config.quality.requiredTypes.types).toEqual(['purchase', 'ad_watched']);
    expect(config.temporal.namespace).toBe('007');
  });

  it('that are empty are null or an empty list where that is allowed, and else wrong', () => {
    const root = makeRoot({ 'config/default.yaml': 'worker:\n  scratchDir: /scratch\n' });
    const env = { QUESTLINE_WORKER_SCRATCH_DIR: '', QUESTLINE_QUALITY_REQUIRED_TYPES_TYPES: '' };
    const { config, origins } = loadConfig(env, root);
    expect([config.worker.scratchDir, config.quality.requiredTypes.types]).toEqual([null, []]);
    expect(origins.get('worker.scratchDir')).toBe('QUESTLINE_WORKER_SCRATCH_DIR');
    const wrong = { QUESTLINE_S3_REGION: '', QUESTLINE_GENERATOR_SEED: '', QUESTLINE_S3_PATH_STYLE: '' };
    expect(listProblems(makeRoot(), wrong)).toEqual([
      expect.stringMatching(/^QUESTLINE_S3_REGION: s3\.region is ""; expected text/),
      'QUESTLINE_S3_PATH_STYLE: s3.pathStyle is ""; expected true or false.',
      'QUESTLINE_GENERATOR_SEED: generator.seed is ""; expected a whole number from 0 to 4294967295.',
    ]);
  });

  it.each([
    ['QUESTLINE_S3_PATH_STYLE', 'yes', 'expected true or false.'],
    ['QUESTLINE_GENERATOR_PLAYERS', '5k', 'expected a whole number from 1 to 1000000, or null.'],
    ['QUESTLINE_GENERATOR_PLAYERS', '2.5', 'expected a whole number from 1 to 1000000, or null.'],
    ['QUESTLINE_QUALITY_REQUIRED_TYPES_TYPES', 'a,,b', 'expected text without space'],
    ['QUESTLINE_LOGGING_LEVEL', 'INFO', 'expected one of trace, debug, info, warn, error, fatal, silent.'],
  ])('%s=%s is refused by its name', (variable, text, expected) => {
    const [problem, ...more] = listProblems(makeRoot(), { [variable]: text });
    expect(problem?.startsWith(`${variable}: `)).toBe(true);
    expect(problem).toContain(`; ${expected}`);
    expect(more).toEqual([]);
  });

  it('that are unknown are told with those of their section and the nearest', () => {
    expect(listProblems(makeRoot(), { QUESTLINE_SCHEDULE_TIME_OFDAY: '01:00' })).toEqual([
      'QUESTLINE_SCHEDULE_TIME_OFDAY is not a variable of Questline. Allowed: QUESTLINE_SCHEDULE_ID, QUESTLINE_SCHEDULE_TIME_OF_DAY, QUESTLINE_SCHEDULE_DAY_OFFSET, QUESTLINE_SCHEDULE_OVERLAP, QUESTLINE_SCHEDULE_CATCHUP_HOURS. Did you mean QUESTLINE_SCHEDULE_TIME_OF_DAY?',
    ]);
  });

  it('of an unknown section are told with the sections, and without a far-fetched guess', () => {
    const [problem] = listProblems(makeRoot(), { QUESTLINE_ZZZZ: '1' });
    expect(problem).toMatch(
      /^QUESTLINE_ZZZZ is not a variable of Questline\. Allowed: QUESTLINE_ENV, .* TEMPORAL, S3, /,
    );
    expect(problem).not.toContain('Did you mean');
    expect(listProblems(makeRoot(), { QUESTLINE_CONFG: '1' })[0]).toMatch(/Did you mean QUESTLINE_CONFIG\?$/);
  });

  it('that other parts of Questline read are let be', () => {
    const names = ['CACHE', 'TEMPORAL_BIN', 'MINIO_BIN', 'RELEASES_TEMPORAL', 'RELEASES_MINIO', 'LOG_STACKS'];
    const env = Object.fromEntries(names.map((name) => [`QUESTLINE_${name}`, 'x']));
    expect(load(env).config).toEqual(load({}).config);
  });

  it('of Temporal and AWS count where Questline’s own do not, and are checked alike', () => {
    const env = {
      TEMPORAL_ADDRESS: 'usual:7233',
      TEMPORAL_NAMESPACE: '',
      TEMPORAL_API_KEY: 'usual-key',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_S3: 'https://s3.example.com',
      QUESTLINE_S3_REGION: 'eu-central-1',
    };
    const { config, origins } = load(env);
    expect([config.temporal.address, config.temporal.apiKey]).toEqual(['usual:7233', 'usual-key']);
    expect([config.s3.region, config.s3.endpoint]).toEqual(['eu-central-1', 'https://s3.example.com']);
    expect([config.temporal.namespace, origins.get('temporal.namespace')]).toEqual(['default', 'default']);
    expect(origins.get('temporal.address')).toBe('TEMPORAL_ADDRESS');
    expect(listProblems(makeRoot(), { TEMPORAL_ADDRESS: 'no-port' })[0]).toMatch(
      /^TEMPORAL_ADDRESS: temporal\.address is "no-port"; expected embedded, or host:port/,
    );
  });
});
