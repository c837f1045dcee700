import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { ConfigError } from '../../src/config/config-error.ts';
import { projectRoot } from '../../src/config/load.ts';
import { listPresets, loadPreset, type PresetChanges } from '../../src/config/load-preset.ts';
import { makeRoot } from './temporary-root.ts';

function problemsOf(preset: string, changes: PresetChanges = {}, root?: string): readonly string[] {
  try {
    loadPreset(preset, changes, root);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const defaultText = readFileSync(join(projectRoot, 'config', 'presets', 'default.yaml'), 'utf8');

/** A project folder with the default preset and this one beside it. */
const makePresets = (own: string, others: Readonly<Record<string, string>> = {}) =>
  makeRoot({ 'config/presets/default.yaml': defaultText, 'config/presets/own.yaml': own, ...others });

const problemsIn = (text: string) => problemsOf('own', {}, makePresets(text));

describe('the presets', () => {
  it('are those of the design, each valid', () => {
    expect(listPresets()).toEqual(['default', 'fraud', 'large', 'outage', 'tiny', 'viral']);
    for (const name of listPresets()) expect(loadPreset(name).players).toBeGreaterThan(0);
  });

  it('explain every key in default.yaml', () => {
    const { defects, ...others } = parseDocument(defaultText).toJS() as Record<string, object>;
    const comments = defaultText.split('\n').filter((line) => line.trim().startsWith('#'));
    const isExplained = (key: string) =>
      new RegExp(`#.*\n\\s*${key}:`).test(defaultText) || comments.some((line) => line.includes(key));
    for (const key of Object.keys(others)) expect([key, isExplained(key)]).toEqual([key, true]);
    for (const kind of Object.keys(defects ?? {}))
      expect(defaultText).toMatch(new RegExp(`# .*\n  ${kind}:`));
  });

  it('need default.yaml', () => {
    expect(problemsOf('default', {}, makeRoot({ 'config/presets/own.yaml': 'players: 7\n' }))).toEqual([
      'config/presets/default.yaml is gone: every preset is laid over it. Restore it.',
    ]);
  });

  it('are laid over the default, map over map; null takes out, and what is asked for comes last', () => {
    expect(problemsIn('hours: null\n')).toEqual([
      'config/presets/own.yaml:1: hours is not set; expected a list of 24 weights.',
    ]);
    const root = makePresets('countries: { TR: null, NO: { weight: 3, utcOffset: 1 } }\n');
    const { countries, players } = loadPreset('own', { players: 11, defects: { late: 0.5 } }, root);
    expect([players, Object.keys(countries).includes('TR'), countries['NO'], countries['JP']]).toEqual([
      11,
      false,
      { weight: 3, utcOffset: 1 },
      { weight: 8, utcOffset: 9 },
    ]);
  });

  it('can be a file of one’s own', () => {
    const root = makeRoot({ 'game.yaml': 'players: 42\n' });
    expect(loadPreset(join(root, 'game.yaml')).players).toBe(42);
    expect(loadPreset('./game.yaml', {}, makePresets('', { 'game.yaml': 'players: 43\n' })).players).toBe(43);
    expect(problemsOf('./game.yaml', {}, makePresets('', { 'game.yaml/inside': '' }))).toEqual([
      expect.stringMatching(/^game\.yaml: can't be read: EISDIR/),
    ]);
    expect(problemsOf('./nowhere.yaml')).toEqual([
      'There is no preset file ./nowhere.yaml. Give a file that ends in .yaml, or one of default, fraud, large, outage, tiny, viral.',
    ]);
  });
});

describe('a wrong preset', () => {
  it('that does not exist is refused with those that do', () => {
    expect(problemsOf('viril')).toEqual([
      'There is no preset "viril". Expected one of default, fraud, large, outage, tiny, viral, or a file that ends in .yaml. Did you mean viral?',
    ]);
  });

  it.each<[string, string]>([
    ['players: 0\n', 'config/presets/own.yaml:1: players is 0; expected a whole number from 1 to 1000000.'],
    [
      '\nplayers: many\n',
      'config/presets/own.yaml:2: players is "many"; expected a whole number from 1 to 1000000.',
    ],
    [
      'defects: { late: 1.5 }\n',
      'config/presets/own.yaml:1: defects.late is 1.5; expected a number from 0 to 1.',
    ],
    [
      'defects:\n  late: -0.1\n',
      'config/presets/own.yaml:2: defects.late is -0.1; expected a number from 0 to 1.',
    ],
    [
      'launchDay: 2026-02-30\n',
      'config/presets/own.yaml:1: launchDay is "2026-02-30"; expected a day of the calendar, YYYY-MM-DD.',
    ],
    [
      'acquisition: { calendarDays: 0 }\n',
      'config/presets/own.yaml:1: acquisition.calendarDays is 0; expected a whole number from 1 to 36500.',
    ],
    ['acquisition: soon\n', 'config/presets/own.yaml:1: acquisition is "soon"; expected a map of keys.'],
    [
      'segments:\n  whale:\n    chrun: 1\n',
      'config/presets/own.yaml:3: segments.whale.chrun is not a key of a preset. Allowed there: share, activity, fade, churn, sessionsADay, triesASession, payers, ads, skill, basket. Did you mean churn?',
    ],
    [
      'segments: { whale: { basket: { gold: 1 } } }\n',
      'config/presets/own.yaml:1: segments.whale.basket.gold is 1; expected a product of the catalogue: starter_pack, gems_small, gems_medium, season_pass, gems_large, gems_huge.',
    ],
    [
      'platforms: { ios: 0, android: 0, web: 0 }\n',
      'config/presets/own.yaml:1: platforms is {"ios":0,"android":0,"web":0}; expected at least one entry with a weight above 0.',
    ],
    [
      'pace: { trySeconds: [9, 3] }\n',
      'config/presets/own.yaml:1: pace.trySeconds is [9,3]; expected a list of two numbers, the least and the most.',
    ],
    [
      'pace: { trySeconds: [9, 301] }\n',
      'config/presets/own.yaml:1: pace.trySeconds.1 is 301; expected a number from 1 to 300.',
    ],
    [
      'outages: { x: { day: 1, fromHour: 20, hours: 6 } }\n',
      'config/presets/own.yaml:1: outages.x is {"day":1,"fromHour":20,"hours":6}; expected it to end by midnight.',
    ],
    [
      'versions: { 1.4.0: 3 }\n',
      'config/presets/own.yaml:1: versions is {"1.4.0":3,"1.4.1":10,"1.5.0":16}; expected a version of day 0.',
    ],
    [
      'platforms: { "i os": 1 }\n',
      'config/presets/own.yaml:1: platforms.i os is 1; expected a name of letters, digits, _, . and -, 60 at most.',
    ],
    ['[1]\n', 'config/presets/own.yaml:1: the file is not a map of keys.'],
  ])('%j is refused with file, line and key', (text, problem) => {
    expect(problemsIn(text)).toEqual([problem]);
  });

  it('is refused when shares or rates do not sum up', () => {
    expect(problemsIn('segments: { whale: { share: 0.5 } }\n')).toEqual([
      expect.stringMatching(/own\.yaml:1: segments is .*; expected shares that sum to 1, not to 1\.47\.$/),
    ]);
    expect(problemsOf('default', { defects: { late: 0.6, future: 0.6 } })).toEqual([
      expect.stringMatching(/defects is .*; expected rates that sum to 1 at most, not to 1\.2/),
    ]);
    expect(problemsIn('players: 5\nplayers: 6\n')).toEqual([
      expect.stringMatching(/own\.yaml:2: not valid YAML/),
    ]);
  });

  it('is refused when a kind of defect is none', () => {
    expect(problemsOf('default', { defects: { lat: 0.1 } })).toEqual([
      expect.stringMatching(
        /^"lat" is not a kind of defect\. Expected one of malformed, .*Did you mean late\?$/,
      ),
    ]);
  });
});
