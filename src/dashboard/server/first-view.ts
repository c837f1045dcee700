import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FirstViewModule } from '../api/first-view.ts';
import { languageFor } from '../api/language.ts';

/** How long a page waits for answers that it could show at once; what takes longer is asked for by the browser. */
const PATIENCE_MS = 400;

/** Renders pages ahead: a reader sees the numbers before the script runs, which goes on from the same answers. */
export class FirstViews {
  private readonly app: FastifyInstance;
  private readonly loading: Promise<FirstViewModule>;

  /** `module` is the path of what renders the page. */
  constructor(app: FastifyInstance, module: string) {
    this.app = app;
    this.loading = import(pathToFileURL(module).href) as Promise<FirstViewModule>;
    this.loading.catch(() => {});
  }

  /** The built page with what it shows at the address of a request. What is shown ahead can't be used yet, so it is inert. */
  async fill(page: string, request: FastifyRequest): Promise<string> {
    const { renderFirstView } = await this.loading;
    const late = sleep(PATIENCE_MS, null);
    const { html, known } = await renderFirstView({
      url: request.url,
      language: languageOf(request),
      ask: async (path) => Promise.race([late, this.ask(path, request)]),
    });
    const filled = `<div id="app"><div inert>${html}</div></div><script id="known" type="application/json">${known}</script>`;
    return page.replace('<div id="app"></div>', () => filled);
  }

  /** By the API's own way, with its rules of who may ask. */
  private async ask(url: string, { headers: { host = '' } }: FastifyRequest): Promise<object | null> {
    const response = await this.app.inject({ method: 'GET', url, headers: { host } });
    return response.statusCode === 200 ? response.json<object>() : null;
  }
}

/** The language that the reader wants most, as the browser's script will find it. */
function languageOf({ headers }: FastifyRequest): string {
  const [wanted = ''] = (headers['accept-language'] ?? '').split(/[,;]/, 1);
  return languageFor(wanted);
}
