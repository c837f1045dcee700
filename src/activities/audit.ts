import pl from 'nodejs-polars';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { countRejected, imbalanceOfArrival, imbalanceOfEventDay, sum } from '../domain/ledger.ts';
import type { ArrivalEntry, EventDayEntry } from '../storage/catalog-format.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Checks that the two ledgers meet before anything is committed: each arrival's and each event day's adds up, and its objects
 * have as many rows; what arrivals accepted for a day is what came into it, and the events counted by player are the events
 * kept. `AuditError` otherwise.
 */
export async function auditCatalog(
  deps: Dependencies,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
): Promise<void> {
  const faults: string[] = [];
  for (const [day, entry] of arrivals) faults.push(...auditArrival(day, entry));
  for (const [day, entry] of eventDays) {
    const off = imbalanceOfEventDay(entry.ledger);
    if (off !== 0) faults.push(`event day ${day} is off by ${off} rows`);
    const { kept } = entry.ledger;
    if (entry.tables.events_cleaned.rows !== kept)
      faults.push(`events_cleaned of ${day} does not have ${kept} rows`);
  }
  faults.push(...compareAcceptedWithCameIn(arrivals, eventDays));
  faults.push(...(await compareKeptWithPlayerDays(deps, eventDays)));
  if (faults.length === 0) return;
  const shown = faults.slice(0, 5).join('; ');
  throw new TerminalError('AuditError', `Nothing was committed, the ledgers do not meet: ${shown}.`, {
    faults: shown,
  });
}

function auditArrival(
  day: Day,
  { ledger, acceptedByEventDay, accepted, quarantine }: ArrivalEntry,
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
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
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

async function compareKeptWithPlayerDays(
  deps: Dependencies,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
): Promise<string[]> {
  const files = await Promise.all(
    [...eventDays.values()].map(({ tables }) => deps.cache.fetch(tables.player_days)),
  );
  if (files.length === 0) return [];
  const counted = await pl
    .concat(files.map((file) => pl.scanParquet(file)))
    .select(pl.col('events').sum().alias('n'))
    .collect();
  const events = Number(counted.getColumn('n').get(0));
  const kept = sum([...eventDays.values()].map(({ ledger }) => ledger.kept));
  return events === kept ? [] : [`player_days counts ${events} events, events_cleaned keeps ${kept}`];
}
