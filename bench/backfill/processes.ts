import { readFile } from 'node:fs/promises';

/** The clock ticks of Linux' process table, a second. */
const TICKS = 100;

/** Processor seconds of a process so far, its threads included; null where the system has no /proc. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
