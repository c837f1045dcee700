import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { c as pack } from 'tar';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '../../../src/config/load.ts';
import type { ServerDeclaration } from '../../../src/stack/servers/declarations.ts';
import { downloadRelease } from '../../../src/stack/servers/download-release.ts';
import { ensureServer } from '../../../src/stack/servers/ensure-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const FILE = 'tool_1.0_any.tar.gz';
const patience = { connectMs: 2000, stallMs: 300, tries: 3, pauseMs: 10 };
let folder: string;
let server: Server;
let base: string;
let archive: Buffer;
let requests: string[];
let answer: Answer;
let checksums: () => string;

const release = {
  get baseUrl() {
    return base;
  },
  mirrorVariable: 'NO_MIRROR',
  file: () => FILE,
  checksums: () => 'checksums.txt',
  member: 'tool',
};

const whole: Answer = (_, response, body) => void response.end(body);

/** Answers a Range as the release hosts do. */
const ranged: Answer = (request, response, body) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from > 0) response.statusCode = 206;
  response.setHeader('content-length', body.length - from);
  response.end(body.subarray(from));
};

/** Sends half and cuts the connection, for the first `times` requests. */
function cutting(times: number): Answer {
  let left = times;
  return (request, response, body) => {
    if (left <= 0) return ranged(request, response, body);
    left -= 1;
    response.setHeader('content-length', body.length);
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    setTimeout(() => response.destroy(), 30);
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-download-'));
  const source = join(folder, 'source');
  await mkdir(source);
  const noise = Array.from({ length: 4000 }, (_, n) =>
    createHash('sha256').update(String(n)).digest('hex'),
  ).join('\n# ');
  await writeFile(join(source, 'tool'), `#!/bin/sh\necho "tool 1.0"\nexit 0\n# ${noise}\n`);
  await chmod(join(source, 'tool'), 0o755);
  await pack({ gzip: true, file: join(folder, FILE), cwd: source }, ['tool']);
  archive = await readFile(join(folder, FILE));
  requests = [];
  answer = ranged;
  checksums = () =>
    `${'0'.repeat(64)}  other.tar.gz\n${createHash('sha256').update(archive).digest('hex')}  ${FILE}\n`;
  server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    if (request.url === '/checksums.txt') response.end(checksums());
    else answer(request, response, archive);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function download(): Promise<string> {
  await mkdir(join(folder, 'work'), { recursive: true });
  const target = join(folder, 'work', 'tool');
  await downloadRelease(release, FILE, join(folder, 'partial'), target, () => {}, {}, patience);
  return readFile(target, 'utf8');
}

const leftovers = () => readdir(join(folder, 'partial'));

describe('downloadRelease', () => {
  it('takes what has the checksum of the release’s own file, and leaves nothing over', async () => {
    expect(await download()).toContain('echo "tool 1.0"');
    expect(await leftovers()).toEqual([]);
  });

  it('throws away what has another checksum, naming both', async () => {
    checksums = () => `${'a'.repeat(64)}  ${FILE}\n`;
    await expect(download()).rejects.toThrow(
      new RegExp(`has sha256 [0-9a-f]{64}, but the release's checksum file says a{64}`),
    );
    expect(await leftovers()).toEqual([]);
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });

  it('refuses a checksum file that does not speak of the file', async () => {
    checksums = () => `${'a'.repeat(64)}  other.tar.gz\n`;
    await expect(download()).rejects.toThrow(`has no checksum of ${FILE}`);
  });

  it('goes on from where the connection was cut', async () => {
    answer = cutting(2);
    expect(await download()).toContain('tool 1.0');
    const ranges = requests.filter((request) => request.includes('bytes='));
    expect(ranges).toContain(`/${FILE} bytes=${Math.floor(archive.length / 2)}-`);
  });

  it('begins anew where the host knows no ranges', async () => {
    let first = true;
    const cut = cutting(1);
    answer = (request, response, body) => {
      (first ? cut : whole)(request, response, body);
      first = false;
    };
    expect(await download()).toContain('tool 1.0');
  });

  it('gives up after some tries, keeps what it has, and goes on from it next time', async () => {
    answer = cutting(99);
    await expect(download()).rejects.toMatchObject({ name: 'DownloadError', permanent: false });
    expect(await leftovers()).toEqual([`${FILE}.download`]);
    answer = ranged;
    requests = [];
    expect(await download()).toContain('tool 1.0');
    expect(requests.some((request) => request.includes('bytes='))).toBe(true);
  });

  it('does not try a 404 again', async () => {
    answer = (_, response) => void response.writeHead(404).end();
    await expect(download()).rejects.toThrow(`/${FILE} answered 404.`);
    expect(requests.filter((request) => request.startsWith(`/${FILE}`))).toHaveLength(1);
  });

  it('tries a 503 again', async () => {
    let times = 0;
    answer = (request, response, body) => {
      times += 1;
      if (times === 1) response.writeHead(503).end();
      else ranged(request, response, body);
    };
    expect(await download()).toContain('tool 1.0');
  });

  it('does not wait for ever for a host that stops sending', async () => {
    answer = (_, response, body) => {
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, 100));
    };
    await expect(download()).rejects.toThrow(/broke off after \d+ bytes \(no answer in time\)/);
  });

  it('says when the host can’t be reached', async () => {
    const gone = { ...release, baseUrl: 'http://127.0.0.1:9' };
    const asked = downloadRelease(
      gone,
      FILE,
      join(folder, 'partial'),
      join(folder, 'x'),
      () => {},
      {},
      patience,
    );
    await expect(asked).rejects.toThrow(/127\.0\.0\.1:9 can't be reached/);
  });
});

describe('ensureServer', () => {
  const declaration = (): ServerDeclaration => ({
    name: 'temporal',
    title: 'Tool',
    version: 'test',
    configKey: 'tool.address',
    binaryVariable: 'TOOL_BIN',
    goModule: 'example.invalid/tool@v1.0.0',
    release,
  });
  const task = { update: () => {}, end: () => {} };
  const env = () => ({ PATH: join(folder, 'bin') });
  const ensure = () => ensureServer(declaration(), folder, () => task, env());

  beforeEach(() => void vi.stubEnv('QUESTLINE_CACHE', join(folder, 'cache')));
  afterEach(() => void vi.unstubAllEnvs());

  it('downloads once, then finds it in the cache', async () => {
    expect(await ensure()).toMatchObject({ source: 'release', version: 'tool 1.0' });
    requests = [];
    expect(await ensure()).toMatchObject({ source: 'cache', version: 'tool 1.0' });
    expect(requests).toEqual([]);
  });

  it('takes a binary on PATH before all that, and one that is named before that', async () => {
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin', 'temporal'), '#!/bin/sh\necho on path\n', { mode: 0o755 });
    expect(await ensure()).toMatchObject({ source: 'path', version: 'on path' });
    const own = join(folder, 'own');
    await writeFile(own, '#!/bin/sh\necho own\n', { mode: 0o755 });
    const found = await ensureServer(declaration(), folder, () => task, { ...env(), TOOL_BIN: own });
    expect(found).toMatchObject({ source: 'configured', version: 'own' });
    expect(requests).toEqual([]);
    await expect(ensureServer(declaration(), folder, () => task, { TOOL_BIN: '/no/such' })).rejects.toThrow(
      'TOOL_BIN is "/no/such", which does not run',
    );
  });

  it('two at once download once', async () => {
    const both = await Promise.all([ensure(), ensure()]);
    expect(both.map(({ version }) => version)).toEqual(['tool 1.0', 'tool 1.0']);
    expect(requests.filter((request) => request.startsWith(`/${FILE}`))).toHaveLength(1);
  });

  it('with neither release nor Go says what was tried and what to do', async () => {
    answer = (_, response) => void response.writeHead(404).end();
    const asked = ensure();
    await expect(asked).rejects.toMatchObject({ name: 'ServerBinaryError' });
    await expect(asked).rejects.toThrow(
      /official release: .*answered 404[\s\S]*go install: Go is not on PATH[\s\S]*tool\.address/,
    );
    expect(await readdir(join(folder, 'cache', 'servers', 'temporal-test'))).toEqual([]);
  });

  it('without a release is built by Go, whose last words are told when it fails, and which goes on from what it has', async () => {
    answer = (_, response) => void response.writeHead(404).end();
    await mkdir(join(folder, 'bin'));
    const go = (script: string) =>
      writeFile(join(folder, 'bin', 'go'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await go(
      '/bin/mkdir -p "$GOCACHE" && echo half > "$GOCACHE/half"\necho "go: example.invalid/tool@v1.0.0: no such host"\nexit 1',
    );
    await expect(ensure()).rejects.toThrow(
      /go install example\.invalid\/tool@v1\.0\.0 failed: go: .*no such host \(whole log: .*build-temporal\.log\)/,
    );
    await go(
      `[ -f "$GOCACHE/half" ] && printf '#!/bin/sh\\necho built' > "$GOBIN/tool" && /bin/chmod +x "$GOBIN/tool"`,
    );
    expect(await ensure()).toMatchObject({ source: 'go', version: 'built' });
    expect(await readdir(join(folder, 'cache', 'servers', 'temporal-test'))).toEqual(['temporal']);
  });

  it('killed in the middle leaves nothing at the final place, and the next one goes on', async () => {
    answer = (_, response, body) => {
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, 1000));
    };
    const script = `
      import { ensureServer } from '${projectRoot}/src/stack/servers/ensure-server.ts';
      const release = { baseUrl: '${base}', mirrorVariable: 'X', file: () => '${FILE}', checksums: () => 'checksums.txt', member: 'tool' };
      await ensureServer({ name: 'temporal', title: 'Tool', version: 'test', configKey: 'x', binaryVariable: 'X_BIN', goModule: 'x@v1', release },
        '${folder}', () => ({ update() {}, end() {} }), { PATH: '' });`;
    const childEnv = { ...process.env, QUESTLINE_CACHE: join(folder, 'cache') };
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: childEnv,
      stdio: 'inherit',
    });
    while (!requests.some((request) => request.startsWith(`/${FILE}`))) await sleep(20);
    await sleep(100);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const place = join(folder, 'cache', 'servers', 'temporal-test');
    expect(await readdir(place)).not.toContain('temporal');
    answer = ranged;
    expect(await ensure()).toMatchObject({ source: 'release', version: 'tool 1.0' });
    expect(requests.some((request) => request.includes('bytes=1000-'))).toBe(true);
    expect(await readdir(place)).toEqual(['temporal']);
  });
});
