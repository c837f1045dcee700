import type {
  Answer,
  ApiProblem,
  Body,
  Query,
  Read,
  reads,
  Write,
  Written,
  writes,
} from '../../api/routes.ts';
import { readToken } from './token.ts';

/** The server refused a request, or could not answer it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: ApiProblem['code'] | 'unreachable';

  constructor(status: number, { error, code }: { error: string; code: RequestError['code'] }) {
    super(error);
    this.status = status;
    this.code = code;
  }
}

const readPaths: { readonly [R in Read]: (typeof reads)[R]['path'] } = {
  status: '/api/status',
  definitions: '/api/definitions',
  choices: '/api/choices',
  overview: '/api/overview',
  retention: '/api/retention',
  funnels: '/api/funnels',
  revenue: '/api/revenue',
  engagement: '/api/engagement',
  health: '/api/health',
  day: '/api/days/:day',
  quarantine: '/api/days/:day/quarantine',
};

const writePaths: { readonly [W in Write]: (typeof writes)[W]['path'] } = {
  run: '/api/runs',
  backfill: '/api/backfills',
  decide: '/api/days/:day/decision',
  replay: '/api/days/:day/replay',
};

/** The day in a path, where it has one. */
export interface PathParams {
  readonly day?: string;
}

/** Where a read is asked for. */
export function pathOfRead<R extends Read>(name: R, query: Query<R>, { day = '' }: PathParams): string {
  const asked = new URLSearchParams(
    Object.entries(query as Record<string, string | number | undefined>).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
  const path = readPaths[name].replace(':day', encodeURIComponent(day));
  return asked.size === 0 ? path : `${path}?${asked.toString()}`;
}

/** Asks the server; a `RequestError` says why there is no answer. */
export async function read<R extends Read>(
  name: R,
  query: Query<R>,
  params: PathParams = {},
  signal?: AbortSignal,
): Promise<Answer<R>> {
  return request<Answer<R>>(pathOfRead(name, query, params), signal === undefined ? {} : { signal });
}

/** Has the server change something; a `RequestError` says why it did not. */
export function write<W extends Write>(
  name: W,
  body: Body<W>,
  { day = '' }: PathParams,
  token: string | null,
): Promise<Written<W>> {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  };
  return request<Written<W>>(writePaths[name].replace(':day', encodeURIComponent(day)), init, token);
}

async function request<T>(url: string, init: RequestInit, token = readToken()): Promise<T> {
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new RequestError(0, {
      code: 'unreachable',
      error:
        'The dashboard’s server does not answer. Start it again (npm start, or npx questline dashboard).',
    });
  }
  const answer = (await response.json().catch(() => null)) as T | ApiProblem | null;
  if (response.ok && answer !== null) return answer as T;
  throw new RequestError(
    response.status,
    (answer as ApiProblem | null) ?? { code: 'failed', error: `The server answered ${response.status}.` },
  );
}
