import type { ArrivalRecord } from './arrival.ts';
import type { Day } from './day.ts';
import {
  countRejected,
  type EventDayLedger,
  imbalanceOfArrival,
  imbalanceOfEventDay,
  sum,
} from './ledger.ts';
import type { ObjectRef } from './object-ref.ts';

/** What the audit needs to know of an arrival. */
export type AuditedArrival = Pick<ArrivalRecord, 'ledger' | 'acceptedByEventDay' | 'accepted' | 'quarantine'>;

/** What the audit needs to know of an event day. */
export interface AuditedEventDay {
  readonly ledger: EventDayLedger;
  readonly tables: { readonly events_cleaned: Pick<ObjectRef, 'rows'> };
}

/**
 * Whether the two ledgers meet: each arrival's and each event day's adds up, its objects have as many rows, and what arrivals accepted for
 * a day is what came into it. Answers with what does not.
 */
export function auditLedgers(
  arrivals: ReadonlyMap<Day, AuditedArrival>,
  eventDays: ReadonlyMap<Day, AuditedEventDay>,
): string[] {
  const faults: string[] = [];
  for (const [day, entry] of arrivals) faults.push(...auditArrival(day, entry));
  for (const [day, { ledger, tables }] of eventDays) {
    const off = imbalanceOfEventDay(ledger);
    if (off !== 0) faults.push(`event day ${day} is off by ${off} rows`);
    if (tables.events_cleaned.rows !== ledger.kept)
      faults.push(`events_cleaned of ${day} does not have ${ledger.kept} rows`);
  }
  return [...faults, ...compareAcceptedWithCameIn(arrivals, eventDays)];
}

function auditArrival(
  day: Day,
  { ledger, acceptedByEventDay, accepted, quarantine }: AuditedArrival,
): string[] {
  const faults: string[] = [];
  const off = imbalanceOfArrival(ledger);
  if (off !== 0) faults.push(`arrival ${day} is off by ${off} lines`);
  const byDay = sum(Object.values(acceptedByEventDay));
  const stored = sum(accepted.map(({ rows }) => rows));
  if (ledger.accepted !== stored || ledger.accepted !== byDay) {
    faults.push(
      `arrival ${day} accepted ${ledger.accepted} lines, its objects have ${stored}, its event days ${byDay}`,
    );
  }
  const aside = countRejected(ledger) + ledger.superseded;
  if (quarantine.rows !== aside)
    faults.push(`arrival ${day} set ${aside} lines aside, its quarantine has ${quarantine.rows}`);
  return faults;
}

function compareAcceptedWithCameIn(
  arrivals: ReadonlyMap<Day, AuditedArrival>,
  eventDays: ReadonlyMap<Day, AuditedEventDay>,
): string[] {
  const accepted = new Map<Day, number>();
  for (const { acceptedByEventDay } of arrivals.values()) {
    for (const [day, rows] of Object.entries(acceptedByEventDay) as [Day, number][]) {
      accepted.set(day, (accepted.get(day) ?? 0) + rows);
    }
  }
  const days = [...new Set([...accepted.keys(), ...eventDays.keys()])].sort();
  return days.flatMap((day) => {
    const [wanted, cameIn] = [accepted.get(day) ?? 0, eventDays.get(day)?.ledger.cameIn ?? 0];
    return wanted === cameIn ? [] : [`arrivals accepted ${wanted} rows for ${day}, ${cameIn} came in`];
  });
}
