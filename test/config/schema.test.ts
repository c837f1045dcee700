import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBucketName,
  isHostAndPort,
  isListenAddress,
  isS3Endpoint,
  isWebAddress,
} from '../../src/config/formats.ts';
import { configSchema } from '../../src/config/schema.ts';
import { listProblems, listProblemsOf, makeRoot } from './temporary-root.ts';

describe('a value', () => {
  it.each([
    [
      'embedded:\n  minioPort: 65536\n',
      'embedded.minioPort is 65536; expected a whole number from 0 to 65535.',
    ],
    ['embedded:\n  minioPort: -1\n', 'embedded.minioPort is -1; expected a whole number from 0 to 65535.'],
    [
      'embedded:\n  minioPort: 70000.5\n',
      'embedded.minioPort is 70000.5; expected a whole number from 0 to 65535.',
    ],
    [
      'embedded:\n  minioPort: "9000"\n',
      'embedded.minioPort is "9000"; expected a whole number from 0 to 65535.',
    ],
    [
      'quality:\n  minimumEvents:\n    threshold: 0\n',
      'quality.minimumEvents.threshold is 0; expected a whole number of at least 1.',
    ],
    [
      'quality:\n  lateShare:\n    severity: fatal\n',
      'quality.lateShare.severity is "fatal"; expected one of error, warn, off.',
    ],
    [
      'quality:\n  duplicates:\n    action: stop\n',
      'quality.duplicates.action is "stop"; expected one of fail, hold.',
    ],
    [
      'quality:\n  volumeRise:\n    threshold: -1\n',
      'quality.volumeRise.threshold is -1; expected a number of at least 0.',
    ],
    [
      'pipeline:\n  backfillConcurrency: 51\n',
      'pipeline.backfillConcurrency is 51; expected a whole number from 1 to 50.',
    ],
    [
      'quality:\n  nullShare:\n    threshold: 1.5\n',
      'quality.nullShare.threshold is 1.5; expected a number from 0 to 1.',
    ],
    [
      'quality:\n  malformedLines:\n    share: -0.1\n',
      'quality.malformedLines.share is -0.1; expected a number from 0 to 1.',
    ],
    ['demo:\n  from: 2026-02-30\n', 'demo.from is "2026-02-30"; expected a day of the calendar, YYYY-MM-DD.'],
    ['demo:\n  from: 20260101\n', 'demo.from is 20260101; expected a day of the calendar, YYYY-MM-DD.'],
    ['pipeline:\n  source: magic\n', 'pipeline.source is "magic"; expected one of landed, synthetic.'],
    [
      'pipeline:\n  baseCurrency: usd\n',
      'pipeline.baseCurrency is "usd"; expected an ISO 4217 code such as USD.',
    ],
    [
      'schedule:\n  timeOfDay: "24:00"\n',
      'schedule.timeOfDay is "24:00"; expected HH:MM from 00:00 to 23:59, in UTC.',
    ],
    [
      'schedule:\n  timeOfDay: "1:30"\n',
      'schedule.timeOfDay is "1:30"; expected HH:MM from 00:00 to 23:59, in UTC.',
    ],
    ['watch:\n  quietSeconds: 0\n', 'watch.quietSeconds is 0; expected a whole number from 1 to 86400.'],
    [
      'schedule:\n  overlap: BUFFER_ONE\n',
      'schedule.overlap is "BUFFER_ONE"; expected one of skip, buffer_one, buffer_all, allow_all.',
    ],
    [
      's3:\n  region:\n',
      's3.region is null; expected text without space at its ends, in quotes when it looks like a number.',
    ],
    [
      'worker:\n  scratchDir: 7\n',
      'worker.scratchDir is 7; expected text without space at its ends, in quotes when it looks like a number, or null.',
    ],
    [
      'quality:\n  requiredTypes:\n    types: purchase\n',
      'quality.requiredTypes.types is "purchase"; expected a list such as [session_start, session_end].',
    ],
  ])('%j is refused', (text, problem) => {
    const line = text.trimEnd().split('\n').length;
    expect(listProblemsOf(text)).toEqual([`config/default.yaml:${line}: ${problem}`]);
  });

  it.each([
    [
      's3:\n  accessKeyId: a\n',
      ':2: s3.accessKeyId is "a"; expected secretAccessKey with it: set both, or neither for the default credential chain.',
    ],
    [
      's3:\n  secretAccessKey: a\n',
      ':2: s3.secretAccessKey is a secret value; expected accessKeyId with it: set both, or neither for the default credential chain.',
    ],
    [
      'temporal:\n  tls:\n    keyFile: k.pem\n',
      ':3: temporal.tls.keyFile is "k.pem"; expected certFile with it: set both, or neither.',
    ],
    [
      'temporal:\n  tls:\n    certFile: c.pem\n',
      ':3: temporal.tls.certFile is "c.pem"; expected keyFile with it: set both, or neither.',
    ],
    [
      'demo:\n  from: 2026-03-02\n',
      ':2: demo.from is "2026-03-02"; expected from (2026-03-02) not to be after to (2026-01-30).',
    ],
    [
      'demo:\n  to: 2025-12-31\n',
      ':2: demo.to is "2025-12-31"; expected from (2026-01-01) not to be after to (2025-12-31).',
    ],
    [
      'gc:\n  graceDays: 3\n',
      ':2: gc.graceDays is 3; expected gc.graceDays (3 days) to be longer than quality.holdHours (72 hours).',
    ],
    [
      'quality:\n  holdHours: 168\n',
      ':2: quality.holdHours is 168; expected gc.graceDays (7 days) to be longer than quality.holdHours (168 hours).',
    ],
  ])('of two that go together is refused alone: %j', (text, problem) => {
    expect(listProblemsOf(text)).toEqual([`config/default.yaml${problem}`]);
  });

  it('with two parts that are wrong in one way is told once', () => {
    expect(listProblemsOf('quality:\n  requiredTypes:\n    types: [1, 2]\n')).toEqual([
      'config/default.yaml:3: quality.requiredTypes.types is [1,2]; expected text without space at its ends, in quotes when it looks like a number.',
    ]);
  });

  it('that goes with another is checked although a third key of the section is wrong', () => {
    const root = makeRoot({ 'config/default.yaml': 's3:\n  pathStyle: 1\n' });
    expect(listProblems(root, { QUESTLINE_S3_ACCESS_KEY_ID: 'a' })).toEqual([
      'config/default.yaml:2: s3.pathStyle is 1; expected true or false.',
      expect.stringMatching(
        /^QUESTLINE_S3_ACCESS_KEY_ID: s3\.accessKeyId is "a"; expected secretAccessKey with it/,
      ),
    ]);
    expect(listProblemsOf('demo:\n  from: 2026-99-01\n')).toHaveLength(1);
  });

  it('that fits is taken at the ends of each range', () => {
    const taken = { demo: { from: '2026-01-30' }, schedule: { timeOfDay: '23:59', dayOffset: -365 } };
    const ends = {
      quality: { malformedLines: { threshold: 0, share: 1 } },
      embedded: { minioPort: 0, temporalPort: 65535 },
    };
    const keys = {
      s3: { accessKeyId: 'a', secretAccessKey: 'b' },
      temporal: { tls: { certFile: 'c', keyFile: 'k' } },
    };
    expect(configSchema.parse({ ...taken, ...ends, ...keys })).toMatchObject({ ...taken, ...ends, ...keys });
  });
});

describe('formats', () => {
  it.each(['abc', 'a-b', 'a--b', 'game.events.prod', '0ab', 'a'.repeat(63), '1.2.3', 'xn-abc', '1.2.3.4.5'])(
    '%s is a bucket name',
    (name) => expect(isBucketName(name)).toBe(true),
  );

  const refused = 'ab Abc a_b_c -abc abc- .abc abc. a..b a.-b a-.b 192.168.5.4'.split(' ');
  const reserved =
    'xn--abc sthree-abc amzn-s3-demo-abc abc-s3alias abc--ol-s3 abc.mrap abc--x-s3 abc--table-s3'.split(' ');
  it.each([...refused, ...reserved, 'a'.repeat(64), 'bücher', 'abc\n', ' abc', ''])(
    '%j is no bucket name',
    (name) => expect(isBucketName(name)).toBe(false),
  );

  it('allows dots and hyphens in a bucket name between letters and digits only', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c.-]{3,63}$/), (name) => {
        const parts = name.split('.');
        expect(isBucketName(name)).toBe(parts.every((part) => /^[a-c]$|^[a-c].*[a-c]$/.test(part)));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes any port that can be connected to, and no other', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 65535 }), (port) => isHostAndPort(`temporal:${port}`)));
    const others = [
      'a:0',
      'a:65536',
      'a:99999',
      'a',
      'a:',
      ':1',
      'http://a:1',
      'a b:1',
      'a:1/x',
      'u@a:1',
      '::1:7233',
    ];
    for (const address of others) expect(isHostAndPort(address), address).toBe(false);
    for (const address of ['127.0.0.1:7233', '[::1]:7233', 'temporal_1:7233', 'ns.acc.tmprl.cloud:7233']) {
      expect(isHostAndPort(address), address).toBe(true);
    }
  });

  it('takes addresses to listen on that name an interface and a port of their own', () => {
    for (const address of ['127.0.0.1:9464', '0.0.0.0:1', '[::1]:9464', '[::]:65535'])
      expect(isListenAddress(address), address).toBe(true);
    const others = [
      'localhost:9464',
      '127.0.0.1:0',
      '127.0.0.1',
      ':9464',
      '9464',
      '[127.0.0.1]:1',
      '::1:9464',
    ];
    for (const address of others) expect(isListenAddress(address), address).toBe(false);
  });

  it('takes web addresses that can be shown', () => {
    for (const url of ['http://127.0.0.1:8233', 'https://cloud.temporal.io/x?y#z'])
      expect(isWebAddress(url)).toBe(true);
    for (const url of [
      'javascript:alert(1)',
      'ftp://a',
      'a.com',
      'http://',
      'https://u@a',
      'https://:p@a',
      '',
    ]) {
      expect(isWebAddress(url), url).toBe(false);
    }
  });

  it('takes S3 services at the root of their host', () => {
    for (const url of ['http://minio:9000', 'https://s3.example.com/']) expect(isS3Endpoint(url)).toBe(true);
    for (const url of [
      'https://a/b',
      'https://a?',
      'https://a/#b',
      'https://u@a',
      's3://a',
      'aws',
      'http://a:99999',
    ]) {
      expect(isS3Endpoint(url), url).toBe(false);
    }
  });
});
