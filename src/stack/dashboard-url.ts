import { isIPv6 } from 'node:net';
import type { Config } from '../config/schema.ts';

const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where browsers find the dashboard that listens on a port. */
export function dashboardUrl({ host, publicUrl }: Config['dashboard'], port: number): string {
  if (publicUrl !== null) return publicUrl;
  const address = everywhere[host] ?? host;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
