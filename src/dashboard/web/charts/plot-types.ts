import type { NumberKind } from '../format/number.ts';

/** A line, or the bars of one colour. */
export interface PlotSeries {
  readonly key: string;
  readonly label: string;
  /** A CSS colour. */
  readonly color: string;
  /** Dashes of a line, where it has any. */
  readonly dashes?: string;
}

/** A place on the horizontal axis, with a value for each series. */
export interface PlotPoint {
  /** Unique, and in a CSV file the first column. */
  readonly key: string;
  /** Short, for the axis. */
  readonly tick: string;
  /** Whole, for who reads or hears it. */
  readonly label: string;
  readonly values: Readonly<Record<string, number | null>>;
  /** Nothing final is known of it. */
  readonly isIncomplete?: boolean;
  /** Day that it leads to. */
  readonly day?: string | undefined;
  /** Something to say of it beside its values. */
  readonly note?: string | undefined;
}

/** How values are drawn. */
export type PlotShape = 'lines' | 'bars' | 'stacked';

/** A plot without its frame. */
export interface PlotProps {
  readonly points: readonly PlotPoint[];
  readonly series: readonly PlotSeries[];
  readonly shape: PlotShape;
  readonly kind: NumberKind;
  readonly currency: string;
  /** Index of the point that arrow keys are at; null when they are at none. */
  readonly active: number | null;
  readonly onOpen: ((index: number) => void) | undefined;
}

/** Colours that series take in turn. */
export const seriesColors = Array.from({ length: 8 }, (_, n) => `var(--series-${n + 1})`);
