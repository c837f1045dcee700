/** A written object: what travels through Temporal and stands in snapshots instead of data. */
export interface ObjectRef {
  readonly key: string;
  /** Lower-case hex of the object's bytes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
}

/** One raw object as it was listed when an arrival was validated. */
export interface InputObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly versionId: string | null;
}
