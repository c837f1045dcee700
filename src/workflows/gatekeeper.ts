import { condition, defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { HeldArrival } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import type { Decision, DecisionRequest, Hold } from '../domain/decision.ts';
import { messages } from '../domain/pipeline.ts';
import { refuse } from './failures.ts';

const decideUpdate = defineUpdate<Decision, [DecisionRequest]>(messages.decide);
const holdQuery = defineQuery<Hold | null>(messages.hold);
const recheckSignal = defineSignal(messages.recheck);

const HOUR_MS = 3_600_000;

/** Why a hold ended. */
export type HoldEnd =
  | { readonly end: 'decided'; readonly decision: Decision }
  | { readonly end: 'recheck' }
  | { readonly end: 'expired' };

/** A decision on its way: it is kept, unless the data that it was about has changed meanwhile. */
interface Answer {
  readonly subject: string;
  readonly decision: Decision;
  state: 'taken' | 'kept' | 'overtaken';
}

/** Keeps a day's hold: takes the decision about it, refuses what can't be one, and knows when it is over. */
export class Gatekeeper {
  private readonly day: Day;
  private hold: Hold | null = null;
  private answer: Answer | null = null;
  private wantsRecheck = false;

  constructor(day: Day) {
    this.day = day;
    setHandler(holdQuery, () => this.hold);
    setHandler(recheckSignal, () => {
      this.wantsRecheck = true;
    });
    setHandler(decideUpdate, (request) => this.decide(request), {
      validator: (request) => this.refuseWrong(request),
    });
  }

  /** Called when the raw data is about to be looked at: what landed before is seen. */
  beginLook(): void {
    this.wantsRecheck = false;
  }

  /** Begins a hold, or goes on with that of the same subject, whose deadline and decision stay. */
  begin({ day, subject, judged, report, failed }: HeldArrival, holdHours: number): Hold {
    const goesOn = this.hold?.subject === subject;
    if (!goesOn) this.end('overtaken');
    const deadline = new Date(Date.now() + holdHours * HOUR_MS).toISOString();
    const until = goesOn ? (this.hold?.until ?? deadline) : deadline;
    this.hold = { day, subject, judged, until, report, failed };
    return this.hold;
  }

  /** Waits until somebody decides, the raw data may have changed, or the deadline is over. */
  async wait({ until }: Hold): Promise<HoldEnd> {
    const left = Math.max(1, Date.parse(until) - Date.now());
    const isOver = () => this.answer?.state === 'taken' || this.wantsRecheck;
    await condition(isOver, left, { summary: `hold of ${this.day} until ${until}: approve or reject it` });
    if (this.answer?.state === 'taken') return { end: 'decided', decision: this.answer.decision };
    return { end: this.wantsRecheck ? 'recheck' : 'expired' };
  }

  /** Called when the hold is over: answers whoever decided, if somebody did. */
  end(state: 'kept' | 'overtaken'): void {
    if (this.answer?.state === 'taken') this.answer.state = state;
    this.hold = null;
  }

  private async decide({ verdict, by, why, subject }: DecisionRequest): Promise<Decision> {
    const decision: Decision = { verdict, by: by.trim(), why: why.trim(), at: new Date().toISOString() };
    const answer: Answer = { subject, decision, state: 'taken' };
    this.answer = answer;
    await condition(() => answer.state !== 'taken');
    if (answer.state === 'overtaken') refuse(`${this.day} ${OTHER_DATA}`);
    return decision;
  }

  private refuseWrong({ verdict, by, why, subject }: DecisionRequest): void {
    if (verdict !== 'approved' && verdict !== 'rejected')
      refuse(`verdict is ${JSON.stringify(verdict)}; expected approved or rejected.`);
    for (const [name, value] of Object.entries({ by, why })) {
      if (typeof value !== 'string' || value.trim() === '')
        refuse(`${name} is ${JSON.stringify(value) ?? 'not set'}; expected text: who decides, and why.`);
    }
    if (this.answer !== null && this.answer.subject === subject && this.answer.state !== 'overtaken') {
      const { verdict: known, by: who, at, why: reason } = this.answer.decision;
      refuse(`${this.day} was ${known} already, by ${who} at ${at}: ${reason}.`);
    }
    if (this.hold === null) refuse(`${this.day} is not on hold: there is nothing to decide.`);
    if (this.hold?.subject !== subject) refuse(`${this.day} ${OTHER_DATA}`);
  }
}

const OTHER_DATA =
  'is on hold for other data than was decided about. Look at its report again, and decide anew.';
