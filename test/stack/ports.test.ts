import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { choosePort } from '../../src/stack/ports.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

async function listen(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await once(server.listen(port, '127.0.0.1'), 'listening');
}

it('the port that is wanted is taken when it is free, and another when something listens on it', async () => {
  const { port } = await choosePort(0);
  expect(await choosePort(port)).toEqual({ port, wanted: port });
  await listen(port);
  const other = await choosePort(port);
  expect(other).toEqual({ port: expect.any(Number), wanted: port });
  expect(other.port).not.toBe(port);
  await listen(other.port);
});

it('a port that is to be avoided is not taken', async () => {
  const { port } = await choosePort(0);
  expect((await choosePort(port, new Set([port]))).port).not.toBe(port);
});

it('a port that is chosen is none that a system gives to outgoing connections by itself', async () => {
  const chosen = await Promise.all(Array.from({ length: 50 }, () => choosePort(0)));
  expect(chosen.filter(({ port }) => port < 1024 || port >= 32_768)).toEqual([]);
});
