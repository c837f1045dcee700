import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, type Day, listDays, parseDay } from '../../src/domain/day.ts';
import { noDefects } from '../../src/generator/defects.ts';
import { segments } from '../../src/generator/model.ts';
import { defectKinds } from '../../src/generator/spec.ts';
import { eventTypeNames } from '../../src/schema/contract.ts';
import { type ReadEvent, readLine } from './read-line.ts';
import { defaultSpec, linesOf, makeDay, makeProfiles } from './specs.ts';

const TIMEOUT_MS = 60_000;
const { launchDay, players } = defaultSpec;
const days = listDays({ from: launchDay, to: addDays(launchDay, 29) });

/** Four standard deviations of a count of `n` trials with chance `p`. */
const spread = (n: number, p: number) => 4 * Math.sqrt(n * p * (1 - p));

class Recount {
  total = 0;
  purchases = 0;
  readonly made = noDefects();
  readonly found = { ...noDefects(), outsideContract: 0 };
  readonly typesByDay = new Map<Day, ReadonlySet<string>>();
  readonly playersByDay = new Map<Day, number>();
  readonly payers = new Set<string>();
  readonly sessionsOf = new Map<string, number>();

  addDay(day: Day): void {
    const { text, summary } = makeDay(defaultSpec, day);
    this.total += summary.events;
    this.playersByDay.set(day, summary.players);
    for (const kind of defectKinds) this.made[kind] += summary.defects[kind];
    const [types, lines, ids] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const line of linesOf(text)) {
      const event = readLine(line);
      if (event === 'malformed') this.found.malformed += 1;
      else if (event === 'missing_field') this.found.missingField += 1;
      else if (event === 'wrong_type') this.found.wrongType += 1;
      else if (event === 'outside_contract') this.found.outsideContract += 1;
      else if (lines.has(line)) this.found.exactDuplicate += 1;
      else if (ids.has(event.event_id)) this.found.conflictingDuplicate += 1;
      else {
        lines.add(line);
        ids.add(event.event_id);
        types.add(event.event_type);
        this.addEvent(day, event);
      }
    }
    this.typesByDay.set(day, types);
  }

  private addEvent(day: Day, { event_type, player_id, timestamp }: ReadEvent): void {
    if (!timestamp.startsWith(day)) this.found.late += 1;
    if (event_type === 'session_start') {
      this.sessionsOf.set(player_id, (this.sessionsOf.get(player_id) ?? 0) + 1);
    }
    if (event_type !== 'purchase') return;
    this.payers.add(player_id);
    this.purchases += 1;
  }
}

describe('the default spec', () => {
  const all = new Recount();
  beforeAll(() => {
    for (const day of days) all.addDay(day);
  }, TIMEOUT_MS);

  it('makes 940,000 events within 2 % in its 30 days', () => {
    expect(Math.abs(all.total - 940_000) / 940_000).toBeLessThan(0.02);
  });

  it('has every event type on every day', () => {
    for (const day of days)
      expect([day, all.typesByDay.get(day)?.size]).toEqual([day, eventTypeNames.length]);
  });

  it('keeps to the contract but for the defects that the summaries count', () => {
    expect(all.found).toEqual({ ...all.made, outsideContract: 0 });
    expect(Object.values(all.made).every((count) => count > 0)).toBe(true);
  });

  it('has each defect at about its rate', () => {
    for (const kind of defectKinds.filter((one) => one !== 'late')) {
      const rate = defaultSpec.defects[kind];
      expect(Math.abs(all.made[kind] - all.total * rate)).toBeLessThan(spread(all.total, rate));
    }
    expect(all.made.late).toBeLessThan(all.total * defaultSpec.defects.late);
  });

  it('has 8 % payers who buy in a quarter of their sessions', () => {
    expect(segments.reduce((share, segment) => share + segment.share * segment.payers, 0)).toBeCloseTo(
      0.08,
      6,
    );
    expect(Math.abs(all.payers.size - players * 0.08)).toBeLessThan(spread(players, 0.08));
    const sessions = [...all.payers].reduce((total, player) => total + (all.sessionsOf.get(player) ?? 0), 0);
    expect(Math.abs(all.purchases - sessions * 0.25)).toBeLessThan(spread(sessions, 0.25));
  });

  it('plays more on weekends than on the days around them', () => {
    const active = (day: string) => all.playersByDay.get(parseDay(day)) ?? 0;
    const weekend = active('2026-01-10') + active('2026-01-11');
    const around = active('2026-01-09') + active('2026-01-12');
    expect(weekend / around).toBeGreaterThan(1.1);
  });

  it('has the segments at their shares, and most players on the launch day', () => {
    const read = makeProfiles(defaultSpec);
    expect(new Set(read.map((profile) => profile['player_id'])).size).toBe(players);
    for (const { name, share } of segments) {
      const own = read.filter((profile) => profile['segment'] === name).length;
      expect(Math.abs(own - players * share)).toBeLessThan(5);
    }
    const byDate = Map.groupBy(read, (profile) => profile['acquisition_date']);
    expect(new Set(byDate.keys())).toEqual(new Set(days));
    expect((byDate.get(launchDay)?.length ?? 0) / players).toBeCloseTo(0.4, 2);
    const [before, wave] = ['2026-01-15', '2026-01-17'].map((day) => byDate.get(day)?.length ?? 0);
    expect(wave).toBeGreaterThan(2 * (before ?? 0));
  });
});

describe('other seeds', () => {
  it('come to the same total within 2 %', { timeout: TIMEOUT_MS }, () => {
    const seed = 4_000_000_000;
    const total = days.reduce((sum, day) => sum + makeDay({ ...defaultSpec, seed }, day).summary.events, 0);
    expect(Math.abs(total - 940_000) / 940_000).toBeLessThan(0.02);
  });
});
