import { describe, expect, it } from 'vitest';
import { compareWithIntent } from '../../src/cli/compare-with-intent.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import { type DayTruth, describeRange } from '../../src/generator/truth.ts';
import { clean, daysOf, makeDay, specFor } from '../generator/specs.ts';

function compare(changes: Parameters<typeof specFor>[1], count?: number): Record<string, readonly string[]> {
  const simulation = new Simulation(specFor('tiny', changes));
  const truths = daysOf(simulation.spec, count).map((day) => makeDay(simulation, day).truth);
  const rows = compareWithIntent(simulation, describeRange(truths as [DayTruth, ...DayTruth[]], 0, 30));
  return Object.fromEntries(rows.map(({ figure, ...texts }) => [figure, Object.values(texts)]));
}

describe('what was made beside what was meant', () => {
  it('has events and payers for the whole calendar alone', () => {
    const whole = compare({ defects: clean });
    expect(whole['events']?.[1]).toBe('42,000');
    expect(whole['players who ever paid']).toEqual(['7.50 %', '8.00 %', '−0.50 %-points']);
    expect(Object.keys(compare({ defects: clean }, 13))).toEqual(
      ['casual', 'churner', 'dolphin', 'grinder', 'whale'].map((name) => `players: ${name}`),
    );
  });

  it.each(['absurdAmount', 'outOfRange', 'missingField'] as const)(
    'measures %s by the events that can have it',
    (kind) => {
      const row = compare({ defects: { ...clean, [kind]: 1 } })[`defect: ${kind}`];
      expect(row).toEqual(['100.0000 %', '100.0000 %', '+0.0000 %-points']);
    },
  );

  it('measures defects by the events that were sent, each once', () => {
    const storm = compare({ defects: clean, scenario: 'duplicate-storm' })['defect: exactDuplicate'];
    expect(Number.parseFloat(storm?.[0] ?? '')).toBeCloseTo(35, 0);
    const few = compare({ defects: { ...clean, nullField: 1 }, scenario: 'too-few-events' });
    expect(few['defect: nullField']?.[0]).toBe('100.0000 %');
  });
});
