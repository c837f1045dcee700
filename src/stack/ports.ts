import { createServer } from 'node:net';

/** A port on loopback that was free a moment ago, and whether it is the one that was asked for. */
export interface ChosenPort {
  readonly port: number;
  readonly wanted: number;
}

/** The wanted port if nothing listens on it, else one that the system picks; 0 wants any. */
export async function choosePort(
  wanted: number,
  avoid: ReadonlySet<number> = new Set(),
): Promise<ChosenPort> {
  if (wanted !== 0 && !avoid.has(wanted) && (await tryListen(wanted)) !== null)
    return { port: wanted, wanted };
  for (;;) {
    const port = await tryListen(0);
    if (port !== null && !avoid.has(port)) return { port, wanted };
  }
}

async function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(taken));
    });
  });
}
