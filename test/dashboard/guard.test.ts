import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guard } from '../../src/dashboard/server/guard.ts';
import { toProblem } from '../../src/dashboard/server/problem.ts';

const token = 'a-token-of-the-tests';
const writeToken = 'a-write-token-of-the-tests';
let app: FastifyInstance;

beforeAll(async () => {
  app = fastify();
  app.setErrorHandler((error, request, reply) => reply.status(toProblem(error, request).status).send());
  guard(app, { host: '127.0.0.1', publicUrl: null, token, writeToken, describedAt: '/api/openapi.json' });
  app.get('/api/overview', () => 'numbers');
  app.get('/api/openapi.json', () => 'the document');
  app.post('/api/runs', () => 'started');
  app.get('/*', () => 'the page');
  await app.ready();
});
afterAll(() => app.close());

const ask = async (method: 'GET' | 'POST', url: string, given?: string) =>
  (
    await app.inject({
      method,
      url,
      headers: { host: '127.0.0.1', ...(given === undefined ? {} : { authorization: `Bearer ${given}` }) },
    })
  ).statusCode;

it('data want a token, changes the write token', async () => {
  expect(await ask('GET', '/api/overview')).toBe(401);
  expect(await ask('GET', '/api/overview', token)).toBe(200);
  expect(await ask('GET', '/api/overview', writeToken)).toBe(200);
  expect(await ask('POST', '/api/runs', token)).toBe(401);
  expect(await ask('POST', '/api/runs', writeToken)).toBe(200);
});

it('a path that is written otherwise and leads to the API wants the same token', async () => {
  for (const path of ['/%61pi/overview', '/api/%6fverview', '/%61%70%69/overview'])
    expect([path, await ask('GET', path)]).toEqual([path, 401]);
  expect(await ask('POST', '/%61pi/runs')).toBe(401);
});

it('what holds no data wants none: the page, and what the API tells of itself', async () => {
  expect(await ask('GET', '/retention')).toBe(200);
  expect(await ask('GET', '/api/openapi.json')).toBe(200);
});
