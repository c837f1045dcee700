import type { Agent } from 'node:http';
import { Client, type ClientOptions } from 'minio';
import type { S3Settings } from './s3-store.ts';

/** Options of a MinIO client, which does what S3's own client can't. The settings need an endpoint; `agent` makes the connections. */
export function minioOptions(
  { endpoint, region, pathStyle, credentials }: Omit<S3Settings, 'bucket' | 'checksums'>,
  agent?: Agent,
): ClientOptions {
  const { protocol, hostname, port } = new URL(endpoint ?? '');
  return {
    endPoint: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL: protocol === 'https:',
    accessKey: credentials?.accessKeyId ?? '',
    secretKey: credentials?.secretAccessKey ?? '',
    ...(credentials?.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
    region,
    pathStyle,
    ...(agent === undefined ? {} : { transportAgent: agent }),
  };
}

/** A MinIO client for the settings. */
export function createMinioClient(settings: S3Settings): Client {
  return new Client(minioOptions(settings));
}
