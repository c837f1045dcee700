import { ManagedProcess, type ProcessDeclaration, type ProcessEvents } from './managed-process.ts';

/** Programs that are kept running together, and are ended the last one first. */
export class ProcessGroup {
  private readonly events: ProcessEvents;
  private readonly processes: ManagedProcess[] = [];
  private stopping = false;

  constructor(events: ProcessEvents) {
    this.events = events;
  }

  /** Starts one and waits until it answers; none is started any more once the group is being ended. */
  async start(declaration: ProcessDeclaration, own: Partial<ProcessEvents> = {}): Promise<void> {
    if (this.stopping) return;
    const managed = new ManagedProcess(declaration, { ...this.events, ...own });
    this.processes.push(managed);
    await managed.start();
  }

  /** Ends them one after the other, the last one that was started first. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const managed of this.processes.toReversed()) await managed.stop();
  }
}
