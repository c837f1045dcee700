import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
/**
 * Where a port is looked for: below those that Linux, macOS and Windows give to outgoing connections, of which one could take the port
 * before the program listens that it is for, or while that is started again.
 */
const RANGE = [20_000, 32_768] as const;
const MOST_TRIES = 100;

/** A port that was free a moment ago, and whether it is the one that was asked for. */
export interface ChosenPort {
  readonly port: number;
  readonly wanted: number;
}

/** A port for something that people know by name, and the key of the configuration that sets it. */
export interface NamedPort {
  readonly what: string;
  readonly key: string;
  readonly wanted: number;
  /** Address that it listens on, when it is not loopback. */
  readonly host?: string;
}

/** The wanted port if nothing listens on it, else any that is free; 0 wants any. */
export async function choosePort(
  wanted: number,
  avoid: ReadonlySet<number> = new Set(),
  host: string = LOOPBACK,
): Promise<ChosenPort> {
  if (wanted !== 0 && !avoid.has(wanted) && (await tryListen(wanted, host)) !== null)
    return { port: wanted, wanted };
  for (let tries = 0; ; tries += 1) {
    const port = await tryListen(tries < MOST_TRIES ? randomInt(...RANGE) : 0, host);
    if (port !== null && !avoid.has(port)) return { port, wanted };
  }
}

/** Chooses a port in the same way; `warn` is told when it is another than the wanted one. */
export async function chooseNamedPort(
  { what, key, wanted, host }: NamedPort,
  warn: (text: string) => void,
  avoid?: ReadonlySet<number>,
): Promise<number> {
  const { port } = await choosePort(wanted, avoid, host);
  if (wanted !== 0 && port !== wanted)
    warn(`Port ${wanted} is taken by another program; ${what} uses ${port} instead (${key} sets it).`);
  return port;
}

async function tryListen(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(taken));
    });
  });
}
