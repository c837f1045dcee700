import fastifyCompress from '@fastify/compress';
import fastifyHelmet from '@fastify/helmet';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { problemSchema, reads, writes } from '../api/routes.ts';
import type { DashboardDependencies } from './dependencies.ts';
import { bearer, describeApi, describedAt } from './describe-api.ts';
import { guard } from './guard.ts';
import { toProblem } from './problem.ts';
import type { Published } from './published.ts';
import { answerReads } from './reads.ts';
import { servePage } from './serve-page.ts';
import { carryOut } from './writes.ts';

const MOST_BODY_BYTES = 65_536;

/** The dashboard's server: the page, the API, and what that tells of itself. It has to be told to listen. */
export async function createApp(deps: DashboardDependencies, published: Published): Promise<FastifyInstance> {
  const { host, publicUrl, token, writeToken } = deps.config.dashboard;
  const logger: FastifyBaseLogger = deps.logger;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: 60_000,
    forceCloseConnections: true,
    frameworkErrors: refuse,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(refuse);
  guard(app, { host, publicUrl, token, writeToken, describedAt });
  await protect(app, publicUrl?.startsWith('https:') === true);
  await app.register(fastifyCompress, { encodings: ['br', 'gzip'], globalDecompression: false });
  await servePage(app, deps.page, token === null);
  await describeApi(app);
  await app.register(async (api) => {
    addReads(api, deps, published);
    addWrites(api, deps);
  });
  return app;
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, ...body } = toProblem(error, request);
  const about = { method: request.method, url: request.url, status, reason: (error as Error).message };
  if (status >= 500) request.log.error({ ...about, err: error }, 'a request failed');
  else request.log.warn(about, 'a request was refused');
  void reply.status(status).type('application/json').serializer(JSON.stringify).send(body);
}

/** What browsers may do with what they get: nothing comes from elsewhere, and no script stands in a page. */
async function protect(app: FastifyInstance, isEncrypted: boolean): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isEncrypted,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

function addReads(api: FastifyInstance, deps: DashboardDependencies, published: Published): void {
  const answers = answerReads(deps, published);
  const security = deps.config.dashboard.token === null ? [] : bearer;
  for (const [name, { path, summary, params, query, answer }] of Object.entries(reads)) {
    const read = answers[name as keyof typeof reads];
    const schema = {
      summary,
      security,
      params,
      querystring: query,
      response: { 200: answer, '4xx': problemSchema, '5xx': problemSchema },
    };
    api.get(path, { schema }, (request, reply) => {
      reply.header('cache-control', 'no-store');
      return read({ params: request.params, query: request.query } as never, signalOf(reply));
    });
  }
}

function addWrites(api: FastifyInstance, deps: DashboardDependencies): void {
  const writers = carryOut(deps);
  for (const [name, { path, summary, params, body, answer }] of Object.entries(writes)) {
    const write = writers[name as keyof typeof writes];
    const schema = {
      summary,
      security: bearer,
      params,
      body,
      response: { 200: answer, '4xx': problemSchema, '5xx': problemSchema },
    };
    api.post(path, { schema }, (request) => {
      request.log.info({ url: request.url, body: describeBody(request.body) }, 'asked to change something');
      return write({ params: request.params, body: request.body } as never);
    });
  }
}

/** A body as it is logged: of lists, how many they hold. */
function describeBody(body: unknown): object {
  return Object.fromEntries(
    Object.entries(body as object).map(([key, value]) => [
      key,
      Array.isArray(value) ? `${value.length} of them` : (value as unknown),
    ]),
  );
}

/** Aborts when whoever asked is gone before the answer. */
function signalOf({ raw }: FastifyReply): AbortSignal {
  const abort = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) abort.abort();
  });
  return abort.signal;
}
