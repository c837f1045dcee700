import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request on its way to the bucket. */
export interface S3Request {
  readonly method: string;
  readonly key: string;
  readonly body: Buffer;
}

/** Looks at requests before they are sent on, and after the server's answer before it is passed back; an error cuts the connection. */
export interface Interceptor {
  before?(sent: S3Request): Promise<void>;
  after?(sent: S3Request, status: number): Promise<void>;
}

/** An HTTP server in front of MinIO that holds a request as long as its interceptor takes. Headers go through as they were signed. */
export class S3Proxy {
  interceptor: Interceptor = {};
  private readonly port: number;
  private readonly server: Server;

  constructor(port: number) {
    this.port = port;
    this.server = createServer((inward, outward) => {
      outward.on('error', () => {});
      this.pass(inward, outward).catch(() => outward.destroy());
    });
  }

  /** Starts it and returns its URL. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async pass(inward: IncomingMessage, outward: ServerResponse): Promise<void> {
    const body = await buffer(inward);
    const { method = '', url = '' } = inward;
    const { pathname } = new URL(url, 'http://bucket');
    const key = decodeURIComponent(pathname.split('/').slice(2).join('/'));
    const sent = { method, key, body };
    await this.interceptor.before?.(sent);
    const answer = await this.forward(inward, body);
    const answered = await buffer(answer);
    const status = answer.statusCode ?? 502;
    await this.interceptor.after?.(sent, status);
    const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
    outward.writeHead(status, headers);
    outward.end(answered);
  }

  private async forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const { expect: _, connection: __, ...kept } = headers;
    const options = { host: '127.0.0.1', port: this.port, method, path: url, headers: kept };
    const outward = request(options);
    outward.end(body);
    const [answer] = (await once(outward, 'response')) as [IncomingMessage];
    return answer;
  }
}
