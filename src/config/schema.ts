import { z } from 'zod';
import { isDay, type Day } from '../domain/day.ts';

const port = z.int('expected a whole number from 0 to 65535').min(0).max(65535);
const count = z.int().min(0);
const positive = z.int().min(1);
const rate = z.number().min(0).max(1);
const name = z.string().min(1);
const secret = z.string().min(1).nullable().meta({ secret: true });
const day = z
  .string()
  .refine(isDay, 'expected a day of the calendar, YYYY-MM-DD')
  .transform((text) => text as Day);
const address = z
  .string()
  .regex(/^(embedded|[^\s:/]+:\d{1,5})$/, 'expected embedded, or host:port such as temporal.example.com:7233');

const temporal = z.strictObject({
  address: address.default('embedded'),
  namespace: name.default('default'),
  tls: z
    .strictObject({
      enabled: z.boolean().default(false),
      serverName: name.nullable().default(null),
      caFile: name.nullable().default(null),
      certFile: name.nullable().default(null),
      keyFile: name.nullable().default(null),
    })
    .prefault({}),
  apiKey: secret.default(null),
  uiUrl: z.url('expected a URL such as https://cloud.temporal.io').nullable().default(null),
  historyRetentionDays: positive.max(36500).default(3650),
  heartbeatTimeoutSeconds: positive.max(3600).default(30),
});

const s3 = z
  .strictObject({
    endpoint: z
      .string()
      .regex(/^(embedded|aws|https?:\/\/[^\s/]+\/?)$/, 'expected embedded, aws, or a URL such as https://s3.example.com')
      .default('embedded'),
    region: name.default('us-east-1'),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected 3 to 63 characters: a-z, 0-9, dots and hyphens')
      .default('questline'),
    pathStyle: z.boolean().default(true),
    accessKeyId: name.nullable().default(null),
    secretAccessKey: secret.default(null),
    sessionToken: secret.default(null),
    checksums: z.enum(['when_supported', 'when_required']).default('when_supported'),
  })
  .refine(({ accessKeyId, secretAccessKey }) => (accessKeyId === null) === (secretAccessKey === null), {
    message: 'accessKeyId and secretAccessKey go together: set both, or neither for the default credential chain',
    path: ['secretAccessKey'],
  });

const embedded = z.strictObject({
  dataDir: name.default('.questline'),
  temporalPort: port.default(7233),
  temporalUiPort: port.default(8233),
  minioPort: port.default(9000),
  minioConsolePort: port.default(9001),
});

const demo = z
  .strictObject({ from: day.prefault('2026-01-01'), to: day.prefault('2026-01-30') })
  .refine(({ from, to }) => from <= to, { message: 'demo.from is after demo.to', path: ['from'] });

const defects = z.strictObject({
  malformed: rate.default(0.0002),
  missingField: rate.default(0.0001),
  wrongType: rate.default(0.0001),
  exactDuplicate: rate.default(0.004),
  conflictingDuplicate: rate.default(0.0002),
  late: rate.default(0.0008),
});

const generator = z.strictObject({
  players: positive.max(10_000_000).default(5000),
  seed: count.max(4_294_967_295).default(1),
  launchDay: day.prefault('2026-01-01'),
  defects: defects.prefault({}),
});

const worker = z.strictObject({
  orchestrationQueue: name.default('questline-orchestration'),
  computeQueue: name.default('questline-compute'),
  computeSlots: count.max(1024).default(0),
  memoryMb: positive.default(1024),
  shutdownGraceSeconds: count.max(3600).default(30),
  scratchDir: name.nullable().default(null),
});

const pipeline = z.strictObject({
  source: z.enum(['landed', 'synthetic']).default('landed'),
  lateWindowDays: count.max(365).default(7),
  futureWindowDays: count.max(30).default(1),
  naiveTimestamps: z.enum(['reject', 'utc']).default('reject'),
  baseCurrency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as USD').default('USD'),
  maxLineBytes: positive.min(1024).max(268_435_456).default(1_048_576),
  backfillConcurrency: positive.max(50).default(4),
});

const quality = z.strictObject({
  minimumEvents: positive.default(1000),
  requiredTypes: z.array(name).default(['session_start', 'session_end']),
  malformedFloor: count.default(100),
  malformedRate: rate.default(0.01),
});

const schedule = z.strictObject({
  id: name.default('questline-daily'),
  timeOfDay: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM, in UTC').default('00:30'),
  dayOffset: z.int().min(-365).max(0).default(-1),
  overlap: z.enum(['skip', 'buffer_one', 'buffer_all', 'allow_all']).default('buffer_all'),
  catchupHours: positive.max(8760).default(168),
});

const logging = z.strictObject({
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** Every key of the configuration, what it may hold and what it is when nothing says otherwise. */
export const configSchema = z.strictObject({
  temporal: temporal.prefault({}),
  s3: s3.prefault({}),
  embedded: embedded.prefault({}),
  demo: demo.prefault({}),
  generator: generator.prefault({}),
  worker: worker.prefault({}),
  pipeline: pipeline.prefault({}),
  quality: quality.prefault({}),
  schedule: schedule.prefault({}),
  logging: logging.prefault({}),
});

/** The effective configuration. */
export type Config = z.output<typeof configSchema>;
