import { isIP, isIPv4 } from 'node:net';

const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const reservedSuffixes = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/**
 * Whether S3 takes the name for a general purpose bucket.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; MinIO refuses `.-` and `-.` besides.
 */
export function isBucketName(name: string): boolean {
  return (
    name.length >= 3 &&
    name.length <= 63 &&
    /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/.test(name) &&
    !isIPv4(name) &&
    !reservedPrefixes.some((prefix) => name.startsWith(prefix)) &&
    !reservedSuffixes.some((suffix) => name.endsWith(suffix))
  );
}

/** Whether it is `host:port` or `[IPv6]:port` with a port that can be connected to. */
export function isHostAndPort(address: string): boolean {
  const port = Number(/^(?:\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(address)?.[1]);
  return port >= 1 && port <= 65535;
}

/** Whether it is `IP:port` or `[IPv6]:port` with a port of its own: names are not looked up, and 0 would be any port. */
export function isListenAddress(address: string): boolean {
  const host = /^(?:\[(?<six>[^\]]*)\]|(?<four>[^:]*)):\d+$/.exec(address)?.groups;
  const version = isIP(host?.['six'] ?? host?.['four'] ?? '');
  return isHostAndPort(address) && version === (host?.['six'] === undefined ? 4 : 6);
}

/** Whether it is an http or https URL that names no user, so that it can be shown. */
export function isWebAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** Whether it is a web address of a service at the root of its host. */
export function isS3Endpoint(address: string): boolean {
  const url = URL.parse(address);
  return isWebAddress(address) && url?.pathname === '/' && !/[?#]/.test(address);
}

/** Whether an IP address is of this machine alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
