import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { Client } from 'minio';
import { minioOptions } from '../storage/minio-client.ts';
import { unreachableCodes } from '../storage/s3-error.ts';
import type { S3Settings } from '../storage/s3-store.ts';

/** Hears of notifications. */
export interface NotificationListener {
  /** An object was written or removed. */
  onKey(key: string): void;
  /** They come at once, or the connection was lost and is tried again. */
  onChange(on: boolean): void;
  /** The service has not answered: they come late, if they do. */
  onSilence(): void;
  /** The service sends none: they are not tried again. */
  onNone(reason: string): void;
}

/** What listens; `stop` ends it at once. */
export interface Notifications {
  stop(): void;
}

const EVENTS = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'];
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** MinIO answers at once and sends a sign of life twice a second. */
const ANSWER_MS = 3000;

/** Listens to what MinIO tells of the bucket's raw objects, and connects again when the connection is lost. */
export function listenForLandings(settings: S3Settings, listener: NotificationListener): Notifications {
  if (settings.endpoint === null || settings.credentials === null) {
    const reason = settings.endpoint === null ? 'AWS S3 has none to listen to' : 'they need an access key';
    listener.onNone(reason);
    return { stop: () => {} };
  }
  return new MinioListener(settings, settings.endpoint, listener);
}

/** Tells when the service has answered, which the poller for notifications keeps to itself. */
class ListeningClient extends Client {
  onAnswer: () => void = () => {};

  override async makeRequestAsync(
    ...request: Parameters<Client['makeRequestAsync']>
  ): ReturnType<Client['makeRequestAsync']> {
    const response = await super.makeRequestAsync(...request);
    this.onAnswer();
    return response;
  }
}

class MinioListener implements Notifications {
  private readonly settings: S3Settings;
  private readonly endpoint: string;
  private readonly listener: NotificationListener;
  private agent: Agent | null = null;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(settings: S3Settings, endpoint: string, listener: NotificationListener) {
    this.settings = settings;
    this.endpoint = endpoint;
    this.listener = listener;
    this.connect();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.agent?.destroy();
    this.agent = null;
  }

  private connect(): void {
    const agent = this.endpoint.startsWith('https:') ? new TlsAgent() : new Agent();
    this.agent = agent;
    const client = new ListeningClient(minioOptions(this.settings, agent));
    this.awaitAnswer(client);
    const poller = client.listenBucketNotification(this.settings.bucket, 'raw/', '', EVENTS);
    poller.on('notification', (record) => {
      const key = readKey(record);
      if (this.agent === agent && key !== null) this.listener.onKey(key);
    });
    poller.on('error', (error) => {
      poller.stop();
      if (this.agent === agent) this.lose(error);
    });
  }

  /** An answer that comes late was kept back on its way, and what follows it will be too. */
  private awaitAnswer(client: ListeningClient): void {
    this.timer = setTimeout(() => {
      client.onAnswer = () => {};
      this.listener.onSilence();
    }, ANSWER_MS);
    client.onAnswer = () => {
      clearTimeout(this.timer);
      client.onAnswer = () => {};
      this.failures = 0;
      this.listener.onChange(true);
    };
  }

  private lose(error: unknown): void {
    this.stop();
    const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
    if (!unreachableCodes.has(code) && message !== 'aborted')
      return this.listener.onNone(message.split('\n')[0] ?? '');
    if (this.failures === 0) this.listener.onChange(false);
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(), wait);
  }
}

/** The key of the object that a notification is about; notifications write it as a URL does. */
function readKey(record: unknown): string | null {
  const { s3 } = record as { readonly s3?: { readonly object?: { readonly key?: string } } };
  const key = s3?.object?.key;
  return key === undefined ? null : decodeURIComponent(key.replaceAll('+', ' '));
}
