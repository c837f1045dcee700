import { gzipSync } from 'node:zlib';

/** Kilobytes (1,000 bytes) of script, by gzip, that the page loads before it shows anything: what its HTML names. */
export async function measureFirstScript(url: string): Promise<number> {
  const html = await (await fetch(url)).text();
  const paths = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path = '']) => path);
  const sizes = paths.map(async (path) => {
    const body = await (await fetch(new URL(path, url))).arrayBuffer();
    return gzipSync(Buffer.from(body), { level: 9 }).length;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000;
}
