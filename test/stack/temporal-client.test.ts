import { setTimeout as wait } from 'node:timers/promises';
import { type Client, type Connection, isGrpcServiceError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTemporal } from '../../src/stack/temporal-client.ts';
import { createGate, type Gate } from '../support/gate.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let gate: Gate;

beforeAll(async () => {
  world = await createWorld('temporal-client');
  gate = await createGate(`http://${world.endpoints.temporal.address}`);
});

afterAll(async () => {
  await gate.close();
  await world.close();
});

const connect = () => connectTemporal({ ...world.endpoints.temporal, address: new URL(gate.url).host });
const close = (client: Client) => (client.connection as Connection).close();
const ask = (client: Client) => client.workflowService.getSystemInfo({});

it('a call that waits for its next attempt when the connection is closed ends with an error, and nothing is thrown beside it', async () => {
  const uncaught: unknown[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  const client = await connect();
  gate.shut();
  const asked = ask(client).then(
    () => 'answered',
    (error: unknown) => error,
  );
  await wait(30);
  await close(client);
  const outcome = await Promise.race([asked, wait(3000, 'no answer')]);
  process.removeAllListeners('uncaughtException');
  for (const listener of before) process.on('uncaughtException', listener);
  gate.open();
  expect({ uncaught, outcome }).toEqual({ uncaught: [], outcome: expect.any(Error) });
  expect(isGrpcServiceError(outcome) && outcome.details).toBe('The connection to Temporal is closed');
});

it('a call outlives a server that is away for a moment', async () => {
  const client = await connect();
  gate.shut();
  const asked = ask(client);
  await wait(100);
  gate.open();
  expect((await asked).serverVersion).toMatch(/^\d/);
  await close(client);
});

it('a call on a closed connection is refused', async () => {
  const client = await connect();
  await close(client);
  await expect(ask(client)).rejects.toThrow('connection to Temporal is closed');
});
