import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Site } from '../support/site.ts';

/** That the API refuses what is hostile or mistaken, and logs it. */
export function apiRefusals(site: () => Site): void {
  describe('what is hostile or mistaken', () => {
    const get = (path: string) => fetch(site().urlOf(path));
    const good = () => `/api/overview?${site().range}`;

    it.each([
      ['a day that is none', '/api/overview?from=2031-02-30&to=2031-03-01', 400],
      ['a range the wrong way round', '/api/overview?from=2031-02-02&to=2031-02-01', 400],
      ['a thousand years', '/api/overview?from=1031-02-01&to=2031-02-01', 400],
      ['no range', '/api/overview', 400],
      ['an unknown kind', '/api/retention?from=2031-02-01&to=2031-02-02&kind=weekly', 400],
      ['a path that climbs', '/api/days/..%2f..%2fetc%2fpasswd', 400],
      ['something that is not there', '/api/nothing', 404],
      ['too many lines', '/api/days/2031-02-01/quarantine?limit=1000000', 400],
    ])('%s is refused with a reason', async (_, path, status) => {
      const response = await get(path);
      expect(response.status).toBe(status);
      const { error } = (await response.json()) as { error: string };
      expect(error.length).toBeGreaterThan(10);
      expect(error).not.toContain('node_modules');
    });

    it('a day that is none is told of alone, not what would follow from it', async () => {
      const response = await get('/api/overview?from=2031-02-01&to=soon');
      const { error } = (await response.json()) as { error: string };
      expect(error).toContain('"soon" is not a day');
      expect(error).not.toContain('longer');
    });

    it('SQL in a filter is a value like another', async () => {
      const { range, read } = site();
      const { meta } = await read(
        `overview?${range}&platform=${encodeURIComponent("ios') OR 1=1; DROP TABLE players; --")}`,
        'overview',
      );
      expect(meta.players).toBe(0);
      expect((await get(good())).status).toBe(200);
    });

    it('a body that is too large, a page of another site, a wrong token and another host name are refused, and logged', async () => {
      const { dashboard, token, warnings } = site();
      const post = (headers: Record<string, string>, body: string) =>
        fetch(`${dashboard().url}/api/runs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        });
      const right = { authorization: `Bearer ${token}` };
      const before = warnings.length;
      expect((await post(right, JSON.stringify({ day: 'x'.repeat(10_000_000) }))).status).toBe(413);
      expect((await post({ ...right, origin: 'https://evil.example' }, '{"day":"2031-01-27"}')).status).toBe(
        403,
      );
      expect((await post({ authorization: 'Bearer wrong' }, '{"day":"2031-01-27"}')).status).toBe(401);
      expect((await post(right, '{"day":"soon"}')).status).toBe(400);
      const { port } = new URL(dashboard().url);
      const status = await new Promise((resolve, reject) => {
        request({ port, path: good(), headers: { host: 'evil.example' } }, ({ statusCode }) =>
          resolve(statusCode),
        )
          .once('error', reject)
          .end();
      });
      expect(status).toBe(403);
      expect(warnings.length - before).toBe(5);
    });

    it('every answer carries a strict policy, and the API tells of itself', async () => {
      const response = await get('/api/openapi.json');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const { paths } = (await response.json()) as { paths: Record<string, unknown> };
      expect(Object.keys(paths)).toEqual(
        expect.arrayContaining(['/api/overview', '/api/days/{day}', '/api/backfills']),
      );
    });
  });
}
