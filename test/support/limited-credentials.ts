import { AssumeRoleProvider } from 'minio/dist/esm/AssumeRoleProvider.mjs';
import type { S3Settings } from '../../src/storage/s3-store.ts';

/** Settings, as environment variables, of somebody who may use one bucket of the test's MinIO and no other, by all rights or by some. */
export async function limitedTo(
  bucket: string,
  { endpoint, credentials }: S3Settings,
  actions: readonly string[] = ['s3:*'],
): Promise<NodeJS.ProcessEnv> {
  const provider = new AssumeRoleProvider({
    stsEndpoint: endpoint ?? '',
    accessKey: credentials?.accessKeyId ?? '',
    secretKey: credentials?.secretAccessKey ?? '',
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: actions,
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        },
      ],
    }),
  });
  const temporary = await provider.getCredentials();
  return {
    QUESTLINE_S3_ENDPOINT: endpoint ?? '',
    QUESTLINE_S3_PATH_STYLE: 'true',
    QUESTLINE_S3_ACCESS_KEY_ID: temporary.getAccessKey(),
    QUESTLINE_S3_SECRET_ACCESS_KEY: temporary.getSecretKey(),
    QUESTLINE_S3_SESSION_TOKEN: temporary.getSessionToken(),
  };
}
