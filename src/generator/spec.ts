import type { GameModel } from '../domain/game-model.ts';
import type { ScenarioName } from './scenarios.ts';

/** How events are written. */
export interface OutputSpec {
  readonly format: 'ndjson' | 'csv';
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Objects a day, each with the events of as many players as the others. */
  readonly files: number;
}

/** All that synthetic events follow from: any day of a spec can be made alone, in any order, with the same bytes. */
export interface GeneratorSpec {
  /** Whole, 0 to 2^32 − 1. */
  readonly seed: number;
  readonly model: GameModel;
  /** What goes wrong on every day that is made, or null. */
  readonly scenario: ScenarioName | null;
  readonly output: OutputSpec;
}
