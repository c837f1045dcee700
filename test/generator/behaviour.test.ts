import { describe, expect, it } from 'vitest';
import { addDays, startOfDay } from '../../src/domain/day.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import { eventTypeNames } from '../../src/schema/contract.ts';
import { type ReadEvent, readEvents } from './read-line.ts';
import { clean, daysOf, linesOf, makeDay, makeProfiles, specFor } from './specs.ts';

const spec = specFor('tiny', { seed: 7, defects: clean });
const days = daysOf(spec);
const simulation = new Simulation(spec);
const byDay = days.map((day) => readEvents(linesOf(makeDay(simulation, day).text)));
const byPlayer = Map.groupBy(byDay.flat(), ({ player_id }) => player_id);

describe('what a player does', () => {
  it('tries the level after the last one won, over days and midnight', () => {
    for (const events of byPlayer.values()) {
      let level = 1;
      for (const { event_type, properties } of events) {
        if (event_type !== 'level_start' && event_type !== 'level_complete') continue;
        expect(properties['level']).toBe(level);
        if (properties['success'] === true) level += 1;
      }
    }
  });

  it('happens in sessions that begin, end, and leave more than 30 minutes between them', () => {
    const last = days.at(-1) ?? spec.model.launchDay;
    for (const events of byPlayer.values()) {
      let open: unknown = null;
      let ended = Number.NEGATIVE_INFINITY;
      for (const { event_type, timestamp, properties } of events) {
        const at = Date.parse(timestamp);
        if (event_type === 'session_start') {
          expect(open).toBeNull();
          expect(at - ended).toBeGreaterThan(30 * 60_000);
          open = properties['session_id'];
        } else if (event_type !== 'player_registered') expect(properties['session_id']).toBe(open);
        if (event_type === 'session_end') [open, ended] = [null, at];
      }
      if (open !== null) expect(events.at(-1)?.timestamp.startsWith(last)).toBe(true);
    }
  });

  it('crosses midnight in some sessions, whose events land on both days', () => {
    const startedOn = new Map<unknown, string>();
    let crossings = 0;
    for (const { event_type, timestamp, properties } of byDay.flat()) {
      if (event_type === 'session_start') startedOn.set(properties['session_id'], timestamp.slice(0, 10));
      if (event_type !== 'session_end') continue;
      if (startedOn.get(properties['session_id']) !== timestamp.slice(0, 10)) crossings += 1;
    }
    expect(crossings).toBeGreaterThan(5);
  });

  it('begins with one registration, on the day of the profile', () => {
    const acquired = new Map(makeProfiles(spec).map((one) => [one['player_id'], one['acquisition_date']]));
    for (const [player, events] of byPlayer) {
      const registrations = events.filter(({ event_type }) => event_type === 'player_registered');
      expect(registrations).toEqual([events[0]]);
      expect(events[0]?.timestamp.slice(0, 10)).toBe(acquired.get(player));
    }
    expect(byPlayer.size).toBe(spec.model.players);
  });

  it('is in the order of time within the day, and of every type on every day', () => {
    for (const [n, events] of byDay.entries()) {
      const times = events.map(({ timestamp }) => timestamp);
      expect(times.every((time) => time.startsWith(days[n] ?? ''))).toBe(true);
      expect(times.toSorted()).toEqual(times);
      expect(new Set(events.map(({ event_type }) => event_type))).toEqual(new Set(eventTypeNames));
    }
  });

  it('unlocks achievements only by levels won, and buys only what the catalogue has, at its price', () => {
    const prices = spec.model.catalogue;
    for (const events of byPlayer.values()) {
      const won = new Set<string>();
      for (const { event_type, properties } of events) {
        if (event_type === 'level_complete' && properties['success'] === true)
          won.add(`level_${Number(properties['level'])}`);
        if (event_type === 'achievement_unlocked') expect(won).toContain(properties['achievement_id']);
        if (event_type === 'purchase')
          expect(properties['amount']).toBe(prices[String(properties['product_id'])]);
      }
    }
  });
});

describe('the calendar', () => {
  it('has no event before the launch, and goes on after it with ever fewer players and no new ones', () => {
    expect(makeDay(spec, addDays(spec.model.launchDay, -1)).text).toBe('');
    const playersOn = (from: number) =>
      Array.from({ length: 7 }, (_, n) => {
        const { simulated } = makeDay(simulation, addDays(spec.model.launchDay, from + n)).truth;
        expect(simulated.new_players).toBe(0);
        return simulated.players;
      }).reduce((a, b) => a + b);
    const [soon, later, muchLater] = [playersOn(16), playersOn(60), playersOn(300)];
    expect(later).toBeLessThan(soon);
    expect(muchLater).toBeLessThan(later);
    expect(muchLater).toBeGreaterThan(0);
  });

  it('brings everybody on the launch day of a calendar of one day', () => {
    const acquisition = { ...spec.model.acquisition, calendarDays: 1 };
    const { truth } = makeDay(specFor('tiny', { model: { acquisition } }), spec.model.launchDay);
    expect(truth.simulated.new_players).toBe(spec.model.players);
  });

  it('brings the versions on their days, and a spike of players in the preset viral', () => {
    const versions = byDay.map(
      (events) => new Set(events.flatMap(({ properties }) => properties['app_version'] ?? [])),
    );
    expect([versions[4], versions[6], versions[10]].map((set) => [...(set ?? [])])).toEqual([
      ['1.4.0'],
      ['1.4.1'],
      ['1.5.0'],
    ]);
    const viral = new Simulation(specFor('viral', { players: 1500 }));
    const players = daysOf(viral.spec).map((day) => makeDay(viral, day).truth.simulated.players);
    expect(Math.max(...players)).toBe(players[13]);
    expect(players[13]).toBeGreaterThan(3 * (players[11] ?? 0));
  });
});

describe('an outage', () => {
  const down = specFor('outage', { players: 1500, defects: clean });
  const day = addDays(down.model.launchDay, 14);
  const events = readEvents(linesOf(makeDay(down, day).text));
  const hour = ({ timestamp }: ReadEvent) => (Date.parse(timestamp) - startOfDay(day)) / 3_600_000;

  it('has six hours without any event, and events before and after', () => {
    expect(events.filter((event) => hour(event) >= 12 && hour(event) < 18)).toEqual([]);
    expect(events.filter((event) => hour(event) >= 11 && hour(event) < 12).length).toBeGreaterThan(50);
    expect(events.filter((event) => hour(event) >= 18 && hour(event) < 19).length).toBeGreaterThan(50);
  });

  it('breaks sessions off without an end, and lets nobody miss the registration', () => {
    const of = (type: string) => events.filter(({ event_type }) => event_type === type);
    const ended = new Set(of('session_end').map(({ properties }) => properties['session_id']));
    const open = of('session_start').filter(({ properties }) => !ended.has(String(properties['session_id'])));
    const broken = open.filter((event) => hour(event) < 12);
    expect(broken.length).toBeGreaterThan(2);
    for (const event of broken) expect(hour(event)).toBeGreaterThan(10);
    const acquired = makeProfiles(down).filter((one) => one['acquisition_date'] === day);
    expect(of('player_registered')).toHaveLength(acquired.length);
  });
});

describe('the preset fraud', () => {
  it('has a handful of players who never pause and pay thousands', () => {
    const fraud = specFor('fraud');
    const bots = makeProfiles(fraud).filter((one) => one['segment'] === 'bot');
    expect(bots.length).toBeGreaterThan(2);
    expect(bots.length).toBeLessThan(9);
    const day = addDays(fraud.model.launchDay, 20);
    const all = readEvents(linesOf(makeDay(specFor('fraud', { defects: clean }), day).text));
    const absurd = all.filter(({ properties }) => Number(properties['amount']) > 1000);
    expect(absurd.length).toBeGreaterThan(2);
    const known = new Set(bots.map((one) => one['player_id']));
    expect(absurd.filter(({ player_id }) => !known.has(player_id))).toEqual([]);
  });
});
