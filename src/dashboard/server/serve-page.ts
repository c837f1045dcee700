import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { once } from '../../domain/once.ts';
import { partsOfPage } from '../page/ensure-page.ts';
import { FirstViews } from './first-view.ts';
import { Denied, NotFound } from './problem.ts';

/** Paths of files and of the page's views: nothing escaped, no backslash, no `.` or `..` in the place of a name. */
const plain = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~@-]+)*\/?$/;
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Serves the built page from its folder: what is under `assets/` is named by its content and may be kept for ever, the rest is
 * asked for again each time. A path that is none of a file is a view of the page, which looks at it by itself; where anyone may read,
 * it comes with the answers that it shows.
 */
export async function servePage(app: FastifyInstance, folder: string, isOpen: boolean): Promise<void> {
  app.addHook('onRequest', async ({ url }) => checkPath(url));
  const page = partsOfPage(folder);
  const assets = join(page.assets, 'assets') + sep;
  await app.register(fastifyStatic, {
    root: page.assets,
    preCompressed: true,
    cacheControl: false,
    index: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(assets) ? FOREVER : 'no-cache');
    },
  });
  const empty = once(() => readFile(join(page.assets, 'index.html'), 'utf8'));
  const firstViews = isOpen ? new FirstViews(app, page.firstView) : null;
  const view = async (request: FastifyRequest, reply: FastifyReply) => {
    const html = await empty();
    const rendered = await firstViews?.fill(html, request).catch((error: unknown) => {
      request.log.error({ err: error, url: request.url }, 'a page could not be rendered ahead');
    });
    return reply
      .type('text/html')
      .header('cache-control', 'no-store')
      .send(rendered ?? html);
  };
  app.get('/', { schema: { hide: true } }, view);
  app.setNotFoundHandler((request, reply) => {
    if (isView(request)) return view(request, reply);
    throw new NotFound(
      `There is nothing at ${request.url.slice(0, 200)}. GET /api/openapi.json tells what there is.`,
    );
  });
}

function checkPath(url: string): void {
  const path = pathOf(url);
  if (plain.test(path)) return;
  throw new Denied(
    400,
    `There can be nothing at ${path.slice(0, 200)}: paths here are made of letters, digits and . _ ~ @ - between slashes.`,
  );
}

function isView({ method, url }: FastifyRequest): boolean {
  const path = pathOf(url);
  return (method === 'GET' || method === 'HEAD') && !/^\/(?:api|docs)(?:\/|$)|\.[^/]*$/.test(path);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
