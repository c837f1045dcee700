import type { Readable } from 'node:stream';

/** An object as a listing or a head shows it. Sizes in bytes. */
export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Opaque, without quotes. */
  readonly etag: string;
  readonly versionId: string | null;
}

/** An object of a listing, with the instant at which it was written, by the store's clock. */
export interface ListedObject extends ObjectInfo {
  readonly modifiedAt: Date;
}

/** A write that only happens if the object is absent, or is still what it was when it was read. */
export type WriteCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** Something that takes objects by key: a bucket or a folder. */
export interface ObjectSink {
  /** Writes the whole object or nothing; an unmet condition is a `StorageError` of kind `conflict`. */
  write(key: string, body: Uint8Array | Readable, condition?: WriteCondition): Promise<ObjectInfo>;
  /** All objects whose key begins with the prefix, in key order. */
  list(prefix: string): AsyncIterable<ListedObject>;
}

/** A bucket, or what stands for one. Every method fails with a `StorageError`. */
export interface ObjectStore extends ObjectSink {
  /** All objects whose key begins with the prefix and comes after `after`, in key order. */
  list(prefix: string, after?: string): AsyncIterable<ListedObject>;
  /** The object's newest version, or the one that is given; null when there is none. */
  head(key: string, versionId?: string | null): Promise<ObjectInfo | null>;
  /** The bytes of an object with their etag, in one version when `versionId` is given; none is a `not-found`. */
  read(key: string, versionId?: string | null): Promise<{ readonly body: Readable; readonly etag: string }>;
  /** Copies within the store without the bytes passing through this process. */
  copy(from: string, to: string): Promise<void>;
  /**
   * Removes an object, whose versions stay where the store keeps them; or one version for good, and no other, when `versionId` is given.
   * One that is not there is no error.
   */
  remove(key: string, versionId?: string): Promise<void>;
}

/** What went wrong with a store, for those who decide whether to try again; `damaged`: other bytes than the catalog says. */
export type StorageErrorKind =
  | 'denied'
  | 'no-bucket'
  | 'not-found'
  | 'damaged'
  | 'conflict'
  | 'unreachable'
  | 'other';

/** A store refused, or could not be reached; the message says which object and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: StorageErrorKind;

  constructor(kind: StorageErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** Whether an error is a `StorageError` of the kind. */
export function isStorageError(error: unknown, kind: StorageErrorKind): boolean {
  return error instanceof StorageError && error.kind === kind;
}
