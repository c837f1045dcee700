import type { ArrivalMeasures } from '../domain/measures.ts';
import { topLevelFields } from '../schema/contract.ts';
import { kinds } from './json-scanner.ts';
import { type EventJudge, slots, typePlans } from './judge-event.ts';

const MOST_NAMES = 10_000;
const NAME_LENGTH = 80;
const NAMES_SHOWN = 20;

/** Counts what lines carry, whatever becomes of them, and the accepted of each type. */
export class LineTally {
  accepted = 0;
  private objects = 0;
  private drifted = 0;
  private readonly fieldMissing = topLevelFields.map(() => 0);
  /** By type: lines of it, accepted or not, and of these those that miss each of its required properties. */
  private readonly types = typePlans.map(({ required }) => ({
    lines: 0,
    accepted: 0,
    missing: required.map(() => 0),
  }));
  private readonly names = new Map<string, number>();

  /** Counts the event that was judged last. */
  add(judge: EventJudge, isAccepted: boolean): void {
    const { reader } = judge;
    const type = this.types[judge.type];
    this.objects += 1;
    if (type !== undefined) type.lines += 1;
    if (isAccepted) {
      this.accepted += 1;
      if (type !== undefined) type.accepted += 1;
    } else this.addMissing(judge);
    const isStrange =
      type === undefined && reader.kinds[slots.eventType] === kinds.text && !judge.isMissing(slots.eventType);
    if (reader.unknown.size === 0 && !isStrange) return;
    this.drifted += 1;
    for (const name of reader.unknown) this.addName(name);
    if (isStrange) this.addName(`event_type ${reader.textOf(slots.eventType)}`);
  }

  /** Only what is rejected can lack something. */
  private addMissing(judge: EventJudge): void {
    for (let slot = 0; slot < topLevelFields.length; slot += 1) {
      if (judge.isMissing(slot)) this.fieldMissing[slot] = (this.fieldMissing[slot] as number) + 1;
    }
    const missing = this.types[judge.type]?.missing ?? [];
    for (const [n, { slot }] of (typePlans[judge.type]?.required ?? []).entries()) {
      if (judge.isMissing(slot)) missing[n] = (missing[n] as number) + 1;
    }
  }

  /** What was counted. */
  measure(): Pick<ArrivalMeasures, 'objects' | 'fields' | 'eventTypes' | 'drifted' | 'unknownNames'> {
    const { objects, drifted } = this;
    const fields = topLevelFields.map((name, n) => [
      name,
      { lines: objects, missing: this.fieldMissing[n] as number },
    ]);
    const properties = typePlans.flatMap((plan, n) =>
      plan.required.map(({ name }, r) => {
        const { lines = 0, missing = [] } = this.types[n] ?? {};
        return [`${plan.name}.${name}`, { lines, missing: missing[r] as number }];
      }),
    );
    const accepted = typePlans.map(({ name }, n) => [name, this.types[n]?.accepted ?? 0] as const);
    return {
      objects,
      fields: Object.fromEntries([...fields, ...properties]),
      eventTypes: Object.fromEntries(accepted.filter(([, rows]) => rows > 0)),
      drifted,
      unknownNames: Object.fromEntries(
        [...this.names].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, NAMES_SHOWN),
      ),
    };
  }

  /** Beyond so many names, those not seen before are drift without a name. */
  private addName(name: string): void {
    const short = name.slice(0, NAME_LENGTH).toWellFormed();
    const lines = this.names.get(short);
    if (lines !== undefined || this.names.size < MOST_NAMES) this.names.set(short, (lines ?? 0) + 1);
  }
}
