import { addDays, type Day } from '../../../src/domain/day.ts';
import { epochDay } from '../../../src/transforms/calendar.ts';
import { type CleanEvent, DAY, HOUR, MINUTE } from './event-frame.ts';

interface Session {
  /** Days since 1970. */
  readonly day: number;
  readonly player: string;
  readonly events: CleanEvent[];
}

/**
 * Rows of `sessions`, as JSON of DuckDB, by walking each player's whole stream event by event: the rules word for word, without
 * days to read. `incomplete` are the days not complete, by their number from `first`.
 */
export function listSessions(
  events: readonly CleanEvent[],
  first: Day,
  count: number,
  incomplete: readonly number[],
): unknown[][] {
  const sessions = [...new Set(events.map(({ player }) => player))]
    .flatMap((player) => walk(events.filter((event) => event.player === player)).flatMap(cutAtMidnights))
    .sort((a, b) => a.day - b.day || (a.player < b.player ? -1 : 1) || 0);
  const numbers = new Map<string, number>();
  return sessions.map((session) => {
    const key = `${session.day} ${session.player}`;
    numbers.set(key, (numbers.get(key) ?? 0) + 1);
    const tomorrow = session.day - epochDay(first) + 1;
    const isNextComplete = tomorrow < count && !incomplete.includes(tomorrow);
    return rowOf(session, numbers.get(key) ?? 0, isNextComplete);
  });
}

function walk(events: readonly CleanEvent[]): CleanEvent[][] {
  const startsFirst = (event: CleanEvent) => (event.type === 'session_start' ? 0 : 1);
  const inOrder = events.toSorted((a, b) => a.at - b.at || startsFirst(a) - startsFirst(b));
  const sessions: CleanEvent[][] = [];
  inOrder.forEach((event, n) => {
    const before = inOrder[n - 1];
    const current = sessions.at(-1);
    const isNew =
      before === undefined ||
      event.at - before.at > 30 * MINUTE ||
      current?.some(({ type, at }) => type === 'session_end' && at < event.at) === true ||
      (event.type === 'session_start' && event.at > before.at);
    if (isNew) sessions.push([event]);
    else current?.push(event);
  });
  return sessions;
}

const dayOf = ({ at }: CleanEvent) => Math.floor(at / DAY);

function cutAtMidnights(events: readonly CleanEvent[]): Session[] {
  const sessions: Session[] = [];
  for (const day of new Set(events.map(dayOf))) {
    const part = events.filter((event) => dayOf(event) === day);
    const player = part[0]?.player ?? '';
    const current = sessions.at(-1);
    const isPastNoon = part.some(({ at }) => at > day * DAY + 12 * HOUR);
    if (current === undefined || isPastNoon) sessions.push({ day, player, events: part });
    else current.events.push(...part);
  }
  return sessions;
}

function rowOf({ day, player, events }: Session, number: number, isNextComplete: boolean): unknown[] {
  const times = events.map(({ at }) => at);
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const lastOfDay = Math.max(...times.filter((at) => at < (day + 1) * DAY));
  const hasEnded = events.some(({ at, type }) => at === lastOfDay && type === 'session_end');
  const goesOn = end > lastOfDay || ((day + 1) * DAY - lastOfDay <= 30 * MINUTE && !hasEnded);
  const purchases = events.filter(({ amount }) => amount !== undefined);
  return [
    addDays('1970-01-01' as Day, day),
    player,
    String(number),
    instantText(start),
    instantText(end),
    (end - start) / 1_000_000,
    String(events.length),
    String(purchases.length),
    moneyText(purchases.filter(({ hasRate }) => hasRate !== false).map(({ amount }) => amount)),
    moneyText(events.map(({ adRevenue }) => adRevenue)),
    goesOn && !isNextComplete,
  ];
}

function instantText(at: number): string {
  const seconds = new Date(Math.floor(at / 1_000_000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const fraction = String(at % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}+00`;
}

function moneyText(amounts: readonly (string | undefined)[]): string {
  const total = amounts.reduce((sum, amount) => sum + Math.round(Number(amount ?? 0) * 10_000), 0);
  return (total / 10_000).toFixed(4);
}
