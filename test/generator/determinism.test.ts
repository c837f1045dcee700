import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/domain/day.ts';
import type { GameModel } from '../../src/domain/game-model.ts';
import { prepareGame } from '../../src/generator/game.ts';
import { scenarioNames } from '../../src/generator/scenarios.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import { readEvents } from './read-line.ts';
import { clean, daysOf, hashOf, linesOf, makeDay, makeProfiles, specFor } from './specs.ts';

const small = specFor('tiny', { players: 80, seed: 7, defects: { late: 0.02, exactDuplicate: 0.02 } });
const days = daysOf(small);

describe('a day is a function of spec and day', () => {
  const forwards = new Simulation(small);
  const hashes = days.map((day) => hashOf(makeDay(forwards, day).text));

  it('made alone, backwards, again, or with gaps, it has the same bytes and truth', () => {
    const alone = days.map((day) => makeDay(small, day));
    const backwards = new Simulation(small);
    const reversed = days.toReversed().map((day) => hashOf(makeDay(backwards, day).text));
    expect(alone.map(({ text }) => hashOf(text))).toEqual(hashes);
    expect(reversed.toReversed()).toEqual(hashes);
    expect(days.map((day) => hashOf(makeDay(forwards, day).text))).toEqual(hashes);
    const again = new Simulation(small);
    expect(days.map((day) => makeDay(again, day).truth)).toEqual(alone.map(({ truth }) => truth));
    expect(new Set(hashes).size).toBe(days.length);
  });

  it('in any order of days, repeated or not', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(days.length - 1), { minLength: 1, maxLength: 8 }), (order) => {
        const simulation = new Simulation(small);
        for (const n of order) {
          expect(hashOf(makeDay(simulation, addDays(small.model.launchDay, n)).text)).toBe(hashes[n]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('does not depend on the order in which a preset lists its maps', () => {
    const reverse = <T extends object>(map: T) => Object.fromEntries(Object.entries(map).toReversed()) as T;
    const waves = {
      a: { fromDay: 2, toDay: 9, weight: 0.1 },
      b: { fromDay: 3, toDay: 9, weight: 0.7 },
      c: { fromDay: 4, toDay: 9, weight: 1e-3 },
    };
    const wavy = { ...small.model, acquisition: { ...small.model.acquisition, waves } };
    const { segments, countries, platforms, defects, versions } = wavy;
    const turned = {
      ...wavy,
      acquisition: { ...wavy.acquisition, waves: reverse(waves) },
      segments: reverse(segments),
      countries: reverse(countries),
      platforms: reverse(platforms),
      defects: reverse(defects),
      versions: reverse(versions),
    };
    expect(prepareGame(turned).acquisition).toEqual(prepareGame(wavy).acquisition);
    const made = (model: GameModel) => days.map((day) => hashOf(makeDay({ ...small, model }, day).text));
    expect(made(turned)).toEqual(made(wavy));
  });

  it('holds the same lines in one file and in several', () => {
    const day = addDays(small.model.launchDay, 9);
    const one = makeDay(small, day);
    const seven = makeDay({ ...small, output: { ...small.output, files: 7 } }, day);
    expect(seven.summaries).toHaveLength(7);
    expect(linesOf(seven.text).sort()).toEqual(linesOf(one.text).sort());
    expect({ ...seven.truth.arrival, objects: [] }).toEqual({ ...one.truth.arrival, objects: [] });
    expect(seven.truth.expected).toEqual(one.truth.expected);
  });

  it('keeps every line of the players there when more players are added', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(20),
        (n, more, day) => {
          const on = addDays(small.model.launchDay, day);
          const before = linesOf(makeDay(specFor('tiny', { seed: 7, players: n }), on).text);
          const after = new Set(linesOf(makeDay(specFor('tiny', { seed: 7, players: n + more }), on).text));
          expect(before.filter((line) => !after.has(line))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('keeps the other lines as they are when defects or a scenario come', () => {
    const good = specFor('tiny', { seed: 7, defects: clean });
    const day = addDays(small.model.launchDay, 4);
    const lines = new Set(linesOf(makeDay(good, day).text));
    const { text, truth } = makeDay(
      specFor('tiny', { seed: 7, defects: { ...clean, missingField: 0.1 } }),
      day,
    );
    expect(truth.arrival.defects.missingField).toBeGreaterThan(50);
    expect(linesOf(text).filter((line) => !lines.has(line))).toHaveLength(truth.arrival.defects.missingField);
    const lost = makeDay({ ...good, scenario: 'missing-session-end' }, day);
    expect(linesOf(lost.text)).toEqual([...lines].filter((line) => !line.includes('"session_end"')));
  });

  it('depends on the seed in every id', () => {
    const ids = [0, 1, 2 ** 32 - 1].flatMap((seed) =>
      readEvents(
        linesOf(
          makeDay(specFor('tiny', { seed, players: 60, defects: clean }), days[0] ?? small.model.launchDay)
            .text,
        ),
      ).map(({ event_id }) => event_id),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('golden hashes: the bytes that a preset has always made', () => {
  const golden = {
    default: 'f31fcd38fec9910fc0ee0fcf4e70fc98565f5ffa668c479ba46751c856027295',
    fraud: '7785003f8caaaa66885f99d71fe37db354f9da1d45e0bca610149d038b19e123',
    large: 'a5a63268633ba0823ba79b21cbaba41ac159f9a84179694d7305efbee4e2c9bb',
    outage: 'e37c035c991318ca81995bfa189f1a34ab47055b618803896daafa8bddd2b3bf',
    tiny: 'a722050f6a3b9888cb308494f4c113a886017507e0b0b598d058d9a718f0ae49',
    viral: 'b885c9e308dddaee91d23bc21c67339cd65ec3f9ef6ae138909ebe3f2cc0dfd6',
  };

  it.each(Object.entries(golden))('%s', (preset, hash) => {
    const spec = specFor(preset);
    const simulation = new Simulation(spec);
    const some = preset === 'tiny' ? daysOf(spec) : [0, 1, 15].map((n) => addDays(spec.model.launchDay, n));
    const chosen = preset === 'large' ? some.slice(0, 1) : some;
    const texts = chosen.map((day) => makeDay(simulation, day).text);
    expect(hashOf(...texts)).toBe(hash);
  });

  it('of profiles, CSV and scenarios', () => {
    const tiny = specFor('tiny');
    const on = addDays(tiny.model.launchDay, 3);
    expect(hashOf(JSON.stringify(makeProfiles(tiny)))).toBe(
      'd7fe8f65a3c5a80ba44a35586ca57af0fc72e3de56021b17cd0a3be633b1000a',
    );
    expect(hashOf(makeDay(specFor('tiny', { output: { format: 'csv' } }), on).text)).toBe(
      '27c6683b986c7fc230f9a639f478f96b0469c0161e48d15975d8eb5250e3a356',
    );
    const hashes = scenarioNames.map((scenario) => hashOf(makeDay(specFor('tiny', { scenario }), on).text));
    expect(hashOf(...hashes)).toBe('53ec9563853bc1ad3e8fdaa4246d0ef9fff08fbe78419187d7f382bbdd3bd430');
    expect(new Set(hashes).size).toBe(scenarioNames.length);
  });
});
