const TELL_EVERY_MS = 15_000;

/**
 * One thing that takes time and that a person waits for.
 * @typedef {{ update: (doing: string) => void, end: (result: string) => void }} Task
 */

/**
 * Tells on a stream what is under way and for how long: a live line a task on a terminal; elsewhere a line when it begins,
 * every 15 seconds, and when it ends.
 * @param {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} [stream]
 * @returns {{ begin: (label: string, doing: string) => Task, stop: () => void }}
 */
export function createProgress(stream = process.stderr) {
  const live = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  /** @type {{ label: string, doing: string, since: number, toldAt: number }[]} */
  const tasks = [];
  let drawn = 0;
  const seconds = (/** @type {number} */ since) => `${Math.round((Date.now() - since) / 1000)} s`;
  const line = (/** @type {(typeof tasks)[number]} */ task) =>
    `  … ${task.label}: ${task.doing} (${seconds(task.since)})`;
  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    for (const task of tasks) stream.write(`${line(task).slice(0, (stream.columns ?? 100) - 1)}\n`);
    drawn = tasks.length;
  };
  const tell = () => {
    for (const task of tasks.filter(({ toldAt }) => Date.now() - toldAt >= TELL_EVERY_MS)) {
      task.toldAt = Date.now();
      stream.write(`${line(task)}\n`);
    }
  };
  const timer = setInterval(live ? draw : tell, live ? 250 : 1000);
  timer.unref();
  return {
    begin(label, doing) {
      const task = { label, doing, since: Date.now(), toldAt: Date.now() };
      tasks.push(task);
      if (live) draw();
      else stream.write(`${line(task)}\n`);
      return {
        update: (now) => {
          task.doing = now;
        },
        end: (result) => {
          erase();
          tasks.splice(tasks.indexOf(task), 1);
          stream.write(`  ✓ ${label}: ${result} (${seconds(task.since)})\n`);
          if (live) draw();
        },
      };
    },
    stop() {
      clearInterval(timer);
      if (live) erase();
    },
  };
}
