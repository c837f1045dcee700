import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ListedObject, ObjectInfo, ObjectStore, WriteCondition } from './object-store.ts';
import { explainS3Error, type S3Place } from './s3-error.ts';

/** Which bucket, where, and by what right. `endpoint` and `credentials` null: AWS and its default credential chain. */
export interface S3Settings {
  readonly bucket: string;
  readonly endpoint: string | null;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  } | null;
  readonly checksums: 'when_supported' | 'when_required';
}

const PART_BYTES = 16 * 1024 * 1024;

/** A client for the settings; the caller destroys it. */
export function createS3Client(settings: S3Settings): S3Client {
  const checksums = settings.checksums === 'when_required' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED';
  const config: S3ClientConfig = {
    region: settings.region,
    forcePathStyle: settings.pathStyle,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 120_000 },
  };
  if (settings.endpoint !== null) config.endpoint = settings.endpoint;
  if (settings.credentials !== null) config.credentials = settings.credentials;
  return new S3Client(config);
}

const bare = (etag: string | undefined) => (etag ?? '').replaceAll('"', '');

/** An S3 bucket as an `ObjectStore`. Streams are sent in parts of 16 MiB, so memory stays bounded. */
export class S3Store implements ObjectStore {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly place: S3Place;

  constructor(client: S3Client, settings: S3Settings) {
    this.client = client;
    this.bucket = settings.bucket;
    this.place = { bucket: settings.bucket, endpoint: settings.endpoint ?? `AWS ${settings.region}` };
  }

  async *list(prefix: string, after?: string): AsyncIterable<ListedObject> {
    let token: string | undefined;
    do {
      const input = { Bucket: this.bucket, Prefix: prefix, StartAfter: after, ContinuationToken: token };
      const page = await this.ask(`Listing ${prefix}`, () =>
        this.client.send(new ListObjectsV2Command(input)),
      );
      for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
        if (Key === undefined) continue;
        const modifiedAt = LastModified ?? new Date();
        yield { key: Key, bytes: Size ?? 0, etag: bare(ETag), versionId: null, modifiedAt };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async head(key: string, versionId?: string | null): Promise<ObjectInfo | null> {
    const version = versionId ? { VersionId: versionId } : {};
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: key, ...version });
    try {
      const found = await this.client.send(command);
      return {
        key,
        bytes: found.ContentLength ?? 0,
        etag: bare(found.ETag),
        versionId: found.VersionId ?? null,
      };
    } catch (error) {
      const explained = explainS3Error(error, this.place, `Looking for ${key}`);
      if (explained.kind === 'not-found') return null;
      throw explained;
    }
  }

  async read(key: string, versionId?: string | null): Promise<{ body: Readable; etag: string }> {
    const version = versionId ? { VersionId: versionId } : {};
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key, ...version });
    const { Body, ETag } = await this.ask(`Reading ${key}`, () => this.client.send(command));
    if (!(Body instanceof Readable)) throw new TypeError(`The S3 client gave no stream for ${key}.`);
    return { body: Body, etag: bare(ETag) };
  }

  async write(key: string, body: Uint8Array | Readable, condition?: WriteCondition): Promise<ObjectInfo> {
    const conditions = conditionHeaders(condition);
    if (body instanceof Readable) return this.upload(key, body, conditions);
    const command = new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ...conditions });
    const put = await this.ask(`Writing ${key}`, () => this.client.send(command));
    return { key, bytes: body.byteLength, etag: bare(put.ETag), versionId: put.VersionId ?? null };
  }

  async copy(from: string, to: string): Promise<void> {
    const source = `${this.bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
    const command = new CopyObjectCommand({ Bucket: this.bucket, Key: to, CopySource: source });
    await this.ask(`Copying ${from} to ${to}`, () => this.client.send(command));
  }

  async remove(key: string, versionId?: string): Promise<void> {
    const version = versionId === undefined ? {} : { VersionId: versionId };
    const command = new DeleteObjectCommand({ Bucket: this.bucket, Key: key, ...version });
    await this.ask(`Removing ${key}`, () => this.client.send(command));
  }

  private async upload(
    key: string,
    body: Readable,
    conditions: ReturnType<typeof conditionHeaders>,
  ): Promise<ObjectInfo> {
    let bytes = 0;
    const counted = body.map((chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      return chunk;
    });
    const params = { Bucket: this.bucket, Key: key, Body: counted, ...conditions };
    const upload = new Upload({ client: this.client, partSize: PART_BYTES, queueSize: 2, params });
    const done = await this.ask(`Writing ${key}`, () => upload.done());
    return { key, bytes, etag: bare(done.ETag), versionId: done.VersionId ?? null };
  }

  private async ask<T>(action: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw explainS3Error(error, this.place, action);
    }
  }
}

function conditionHeaders(condition: WriteCondition | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (condition === undefined) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: `"${condition.ifMatch}"` };
}
