import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { connectTo, createInstance, type DuckDb, type DuckDbLimits, quote } from './duckdb.ts';

/** A DuckDB that others may have afterwards. */
export interface LentDuckDb extends DuckDb {
  /**
   * Closes the connections and keeps the rest for who borrows next. Only after everything went well: of what failed, something may
   * still run. Closing it afterwards does nothing.
   */
  giveBack(): void;
}

const MOST_IDLE = 4;
const idle: DuckDBInstance[] = [];

/**
 * Borrows a DuckDB, since to make one takes some 10 ms of a processor and a stage has several. Who has it may make what is TEMP and nothing
 * else, and of the settings that are not a connection's change `threads` and `preserve_insertion_order` alone. It has to be given back or closed.
 */
export async function borrowDuckDb(limits: DuckDbLimits): Promise<LentDuckDb> {
  const instance = (await takeIdle(limits)) ?? (await createInstance(limits));
  let isOver = false;
  const end = (afterwards: () => void) => () => {
    if (isOver) return;
    isOver = true;
    afterwards();
  };
  const duckDb = await connectTo(instance, () => {});
  return {
    ...duckDb,
    close: end(() => {
      duckDb.close();
      instance.closeSync();
    }),
    giveBack: end(() => {
      duckDb.close();
      if (idle.length < MOST_IDLE) idle.push(instance);
      else instance.closeSync();
    }),
  };
}

/** Runs `use` with a DuckDB that is borrowed, and gives it back. */
export async function withLentDuckDb<T>(
  limits: DuckDbLimits,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const duckDb = await borrowDuckDb(limits);
  try {
    const result = await use(duckDb.connection);
    duckDb.giveBack();
    return result;
  } finally {
    duckDb.close();
  }
}

async function takeIdle(limits: DuckDbLimits): Promise<DuckDBInstance | null> {
  for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
    if (await isSetTo(instance, limits)) return instance;
    instance.closeSync();
  }
  return null;
}

/** Sets all that a stage may have changed; false where that can't be done, such as after something was spilled. */
async function isSetTo(
  instance: DuckDBInstance,
  { threads, memoryMb, tempFolder }: DuckDbLimits,
): Promise<boolean> {
  const connection = await instance.connect();
  const folder =
    tempFolder === undefined ? 'RESET temp_directory' : `SET temp_directory = ${quote(tempFolder)}`;
  try {
    await connection.run(
      `${folder}; SET threads = ${threads}; SET memory_limit = '${memoryMb}MB'; RESET preserve_insertion_order`,
    );
    return true;
  } catch {
    return false;
  } finally {
    connection.closeSync();
  }
}
