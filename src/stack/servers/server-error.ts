/** A server's binary could not be had; the message says what was tried and what to do. */
export class ServerBinaryError extends Error {
  override readonly name = 'ServerBinaryError';
}

/** A release could not be downloaded; `permanent` when trying again would not help. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly permanent: boolean;

  constructor(message: string, permanent: boolean, cause?: unknown) {
    super(message, { cause });
    this.permanent = permanent;
  }
}
