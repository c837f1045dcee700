import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/formats.ts';
import { Denied } from './problem.ts';

/** Who may ask what. */
export interface GuardRules {
  /** Address that the server listens on. */
  readonly host: string;
  /** URL that browsers reach it by, when it is another. */
  readonly publicUrl: string | null;
  readonly token: string | null;
  readonly writeToken: string | null;
  /** Path of the API's description, which holds no data. */
  readonly describedAt: string;
}

/**
 * Refuses requests under a host name that is not the server's, so that no other site's name leads here; requests for data without the token, when
 * there is one; and what changes something without the write token, or from another site's page.
 */
export function guard(app: FastifyInstance, rules: GuardRules): void {
  app.addHook('onRequest', async (request) => {
    checkHost(request, rules);
    // The route and not the URL tells where a request leads: `/%61pi/…` is of the API as well.
    const route = request.routeOptions.url ?? '';
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!route.startsWith('/api/') || (isRead && route === rules.describedAt)) return;
    if (!isRead) checkOrigin(request);
    const given = tokenOf(request);
    const { token, writeToken } = rules;
    if (!isRead && writeToken === null)
      throw new Denied(403, 'Nothing can be changed here: no write token is set (dashboard.writeToken).');
    const accepted = isRead ? [token, writeToken] : [writeToken];
    if (isRead && token === null) return;
    if (accepted.some((one) => one !== null && given !== null && isSame(given, one))) return;
    const what = isRead ? 'token (dashboard.token)' : 'write token (dashboard.writeToken)';
    throw new Denied(401, given === null ? `This needs the ${what}.` : `This is not the ${what}.`);
  });
}

function checkHost(request: FastifyRequest, { host, publicUrl }: GuardRules): void {
  const name = request.hostname.replace(/^\[|\]$/g, '');
  const expected = publicUrl === null ? null : new URL(publicUrl).hostname;
  const isOwn =
    name === host || name === expected || (isLoopback(host) && (name === 'localhost' || isLoopback(name)));
  // Behind 0.0.0.0 the server can't know the names that it has; a token is asked for there.
  if (isOwn || host === '0.0.0.0' || host === '::') return;
  throw new Denied(
    403,
    `The dashboard is not "${name.slice(0, 100)}"; set dashboard.publicUrl to the URL that browsers reach it by.`,
  );
}

function checkOrigin({ headers, host }: FastifyRequest): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (origin !== undefined && URL.parse(origin)?.host !== host) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (isForeign) throw new Denied(403, 'This was sent from a page of another site.');
}

function tokenOf({ headers }: FastifyRequest): string | null {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? null;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
