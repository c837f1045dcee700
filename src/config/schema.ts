import { z } from 'zod';
import { parseDay } from '../domain/day.ts';
import { MOST_DAYS_AT_ONCE } from '../domain/pace.ts';
import * as field from './fields.ts';
import { graceOutlastsHold, neitherAlone, notAfter, tokenBeyondLoopback } from './pair-rules.ts';
import { quality } from './quality-schema.ts';
import { currencyRates, funnelSteps, retentionBrackets } from './table-fields.ts';

const { text, secret, port, flag, day, wholeNumber, oneOf } = field;

const tls = z
  .strictObject({
    enabled: flag.default(false),
    serverName: text.nullable().default(null),
    caFile: text.nullable().default(null),
    certFile: text.nullable().default(null),
    keyFile: text.nullable().default(null),
  })
  .refine(...neitherAlone('certFile', 'keyFile'))
  .refine(...neitherAlone('keyFile', 'certFile'))
  .readonly();

const temporal = z
  .strictObject({
    address: field.temporalAddress.default('embedded'),
    namespace: text.default('default'),
    tls: tls.prefault({}),
    apiKey: secret.default(null),
    uiUrl: field.webAddress.nullable().default(null),
    historyRetentionDays: wholeNumber(1, 36500).default(3650),
    heartbeatTimeoutSeconds: wholeNumber(1, 3600).default(30),
  })
  .readonly();

const s3 = z
  .strictObject({
    endpoint: field.s3Endpoint.default('embedded'),
    region: text.default('us-east-1'),
    bucket: field.bucketName.default('questline'),
    pathStyle: flag.default(true),
    accessKeyId: text.nullable().default(null),
    secretAccessKey: secret.default(null),
    sessionToken: secret.default(null),
    checksums: oneOf('when_supported', 'when_required').default('when_supported'),
  })
  .refine(...neitherAlone('accessKeyId', 'secretAccessKey', ' for the default credential chain'))
  .refine(...neitherAlone('secretAccessKey', 'accessKeyId', ' for the default credential chain'))
  .readonly();

const embedded = z
  .strictObject({
    dataDir: text.default('.questline'),
    temporalPort: port.default(7233),
    temporalUiPort: port.default(8233),
    minioPort: port.default(9000),
    minioConsolePort: port.default(9001),
  })
  .readonly();

const demo = z
  .strictObject({ from: day.default(parseDay('2026-01-01')), to: day.default(parseDay('2026-01-30')) })
  .refine(...notAfter('from', 'to'))
  .readonly();

const generator = z
  .strictObject({
    preset: text.default('default'),
    seed: wholeNumber(0, 4_294_967_295).default(1),
    players: wholeNumber(1, 1_000_000).nullable().default(null),
    format: oneOf('ndjson', 'csv').default('ndjson'),
    compression: oneOf('none', 'gzip', 'zstd').default('gzip'),
    filesADay: wholeNumber(1, 1000).default(1),
  })
  .readonly();

const worker = z
  .strictObject({
    orchestrationQueue: text.default('questline-orchestration'),
    computeQueue: text.default('questline-compute'),
    computeSlots: wholeNumber(0, 1024).default(0),
    memoryMb: wholeNumber(1).default(1024),
    shutdownGraceSeconds: wholeNumber(0, 3600).default(30),
    deployment: text.default('questline'),
    buildId: text.nullable().default(null),
    scratchDir: text.nullable().default(null),
  })
  .readonly();

const pipeline = z
  .strictObject({
    source: oneOf('landed', 'synthetic').default('landed'),
    lateWindowDays: wholeNumber(0, 365).default(7),
    futureWindowDays: wholeNumber(0, 30).default(1),
    naiveTimestamps: oneOf('reject', 'utc').default('reject'),
    baseCurrency: field.currency.default('USD'),
    currencyRates: currencyRates.prefault([]),
    maxLineBytes: wholeNumber(1024, 268_435_456).default(1_048_576),
    backfillConcurrency: wholeNumber(1, MOST_DAYS_AT_ONCE).default(4),
  })
  .readonly();

const tables = z
  .strictObject({
    funnelWindowDays: wholeNumber(1, 365).default(7),
    funnelSteps: funnelSteps.prefault([
      'registered = player_registered',
      'first_session = session_start',
      'level_1 = level_complete level=1 success=true',
      'level_5 = level_complete level=5 success=true',
      'first_purchase = purchase',
    ]),
    retentionBrackets: retentionBrackets.prefault(['1-3', '4-7', '8-14', '15-30']),
  })
  .readonly();

const schedule = z
  .strictObject({
    id: text.default('questline-daily'),
    timeOfDay: field.timeOfDay.default('00:30'),
    dayOffset: wholeNumber(-365, 0).default(-1),
    overlap: oneOf('skip', 'buffer_one', 'buffer_all', 'allow_all').default('buffer_all'),
    catchupHours: wholeNumber(1, 8760).default(168),
  })
  .readonly();

const watch = z
  .strictObject({
    quietSeconds: wholeNumber(1, 86_400).default(60),
    pollSeconds: wholeNumber(1, 86_400).default(30),
    recentDays: wholeNumber(1, 3650).default(14),
    sweepMinutes: wholeNumber(1, 10_080).default(60),
    notifications: flag.default(true),
  })
  .readonly();

const dashboard = z
  .strictObject({
    host: field.ipAddress.default('127.0.0.1'),
    port: port.default(3000),
    publicUrl: field.webAddress.nullable().default(null),
    token: field.token.nullable().default(null).register(field.secrets, { masked: true }),
    writeToken: field.token.nullable().default(null).register(field.secrets, { masked: true }),
    pollSeconds: wholeNumber(1, 3600).default(5),
    memoryMb: wholeNumber(128).default(1024),
  })
  .refine(...tokenBeyondLoopback)
  .readonly();

const logFile = z
  .strictObject({
    enabled: flag.default(true),
    path: text.nullable().default(null),
    maxMegabytes: wholeNumber(1, 10_240).default(20),
    keep: wholeNumber(1, 1000).default(5),
  })
  .readonly();

const logging = z
  .strictObject({
    level: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
    console: oneOf('pretty', 'json', 'off').default('pretty'),
    file: logFile.prefault({}),
  })
  .readonly();

const metrics = z
  .strictObject({ prometheusAddress: field.listenAddress.nullable().default(null) })
  .readonly();

const gc = z
  .strictObject({
    keepSnapshotsDays: wholeNumber(1, 36500).default(90),
    graceDays: wholeNumber(1, 3650).default(7),
  })
  .readonly();

/** Every key of the configuration, what it may hold and what it is when nothing says otherwise. */
export const configSchema = z
  .strictObject({
    temporal: temporal.prefault({}),
    s3: s3.prefault({}),
    embedded: embedded.prefault({}),
    demo: demo.prefault({}),
    generator: generator.prefault({}),
    worker: worker.prefault({}),
    pipeline: pipeline.prefault({}),
    tables: tables.prefault({}),
    quality: quality.prefault({}),
    schedule: schedule.prefault({}),
    gc: gc.prefault({}),
    watch: watch.prefault({}),
    dashboard: dashboard.prefault({}),
    logging: logging.prefault({}),
    metrics: metrics.prefault({}),
  })
  .refine(...graceOutlastsHold)
  .readonly();

/** The effective configuration, frozen in all its depth. */
export type Config = z.output<typeof configSchema>;
