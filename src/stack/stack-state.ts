import { z } from 'zod';
import { readJsonFile, writePrivateFile } from './private-file.ts';

const port = z.int().min(1).max(65535);

const stackStateSchema = z.object({
  /** Process that supervises. */
  pid: z.int(),
  /** False once it was ended in order. */
  active: z.boolean(),
  startedAt: z.string(),
  ports: z
    .object({ temporal: port, temporalUi: port, minio: port, minioConsole: port, dashboard: port })
    .partial(),
  /** Process ids of the children, by name. */
  children: z.record(z.string(), z.object({ pid: z.int(), startedAt: z.string() })),
});

/** What the stack last wrote about itself. */
export type StackState = z.output<typeof stackStateSchema>;

/** Ports by what listens there; what does not run here has none. */
export type StackPorts = StackState['ports'];

/** The state file's content, or null before the first start. */
export async function readStackState(path: string): Promise<StackState | null> {
  return readJsonFile(path, stackStateSchema);
}

/** Replaces the state file. */
export async function writeStackState(path: string, state: StackState): Promise<void> {
  await writePrivateFile(path, `${JSON.stringify(state, null, 2)}\n`);
}

/** Whether a process of this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
