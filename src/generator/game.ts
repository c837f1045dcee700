import { startOfDay } from '../domain/day.ts';
import type {
  AcquisitionModel,
  GameModel,
  OutageModel,
  SegmentModel,
  UpdateModel,
} from '../domain/game-model.ts';
import { type Choice, prepareChoice } from './random.ts';

/** Milliseconds of an hour and of a day. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Whole ten-thousandths of a US dollar: money is added up in these. */
export type Money = number;

/** A segment with its name and what it buys. */
export interface Segment extends Omit<SegmentModel, 'basket'> {
  readonly name: string;
  readonly basket: Choice<{ readonly product: string; readonly price: Money }>;
}

/** A country that players come from. */
export interface Country {
  readonly code: string;
  readonly utcOffset: number;
}

/** Milliseconds since the launch, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A model made ready to draw from: everything that does not depend on a player. Days count from the launch. */
export interface Game {
  readonly model: GameModel;
  readonly segments: Choice<Segment>;
  readonly countries: Choice<Country>;
  readonly platforms: Choice<string>;
  readonly sources: Choice<string>;
  readonly placements: Choice<string>;
  readonly hours: Choice<number>;
  /** On which day a player comes. */
  readonly acquisition: Choice<number>;
  readonly outages: readonly Span[];
  isWeekend(dayNumber: number): boolean;
  /** By how much content updates multiply the chance to play. */
  liftOn(dayNumber: number): number;
  versionOn(dayNumber: number): string;
}

/** Makes a model ready. The order in which a preset lists its maps makes no difference. */
export function prepareGame(model: GameModel): Game {
  const weekday = new Date(startOfDay(model.launchDay)).getUTCDay();
  const updates = entriesOf(model.updates).map(([, update]) => update);
  const versions = entriesOf(model.versions).sort(([, a], [, b]) => a - b);
  const names = (weights: Readonly<Record<string, number>>) =>
    prepareChoice(
      entriesOf(weights).map(([name]) => name),
      (name) => weights[name] ?? 0,
    );
  return {
    model,
    segments: prepareChoice(
      entriesOf(model.segments).map(([name, segment]) => prepareSegment(name, segment, model.catalogue)),
      ({ share }) => share,
    ),
    countries: prepareChoice(
      entriesOf(model.countries).map(([code, { utcOffset }]) => ({ code, utcOffset })),
      ({ code }) => model.countries[code]?.weight ?? 0,
    ),
    platforms: names(model.platforms),
    sources: names(model.sources),
    placements: names(model.ads.placements),
    hours: prepareChoice(
      model.hours.map((_, hour) => hour),
      (hour) => model.hours[hour] ?? 0,
    ),
    acquisition: planAcquisition(model.acquisition),
    outages: entriesOf(model.outages).map(([, outage]) => spanOf(outage)),
    isWeekend: (dayNumber) => [0, 6].includes((weekday + dayNumber) % 7),
    liftOn: (dayNumber) => updates.reduce((lift, update) => lift * (1 + liftOf(update, dayNumber)), 1),
    versionOn: (dayNumber) => versions.findLast(([, since]) => dayNumber >= since)?.[0] ?? '',
  };
}

/** The entries of a map in the order of their names. */
function entriesOf<T>(map: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

function prepareSegment(name: string, segment: SegmentModel, catalogue: GameModel['catalogue']): Segment {
  const products = entriesOf(segment.basket).map(([product]) => ({
    product,
    price: Math.round((catalogue[product] ?? 0) * 10_000),
  }));
  return { ...segment, name, basket: prepareChoice(products, ({ product }) => segment.basket[product] ?? 0) };
}

function planAcquisition({ calendarDays, launchShare, decay, waves }: AcquisitionModel): Choice<number> {
  const days = Array.from({ length: calendarDays }, (_, day) => day);
  const inOrder = entriesOf(waves).map(([, wave]) => wave);
  const weigh = (day: number) =>
    inOrder
      .filter(({ fromDay, toDay }) => day >= fromDay && day <= toDay)
      .reduce((sum, { weight }) => sum + weight, 1 / (1 + (decay * day) / calendarDays));
  const later = days.slice(1).reduce((sum, day) => sum + weigh(day), 0);
  return prepareChoice(days, (day) => {
    if (day === 0) return calendarDays === 1 ? 1 : launchShare;
    return ((1 - launchShare) * weigh(day)) / later;
  });
}

function spanOf({ day, fromHour, hours }: OutageModel): Span {
  const from = Math.round(day * DAY_MS + fromHour * HOUR_MS);
  return { from, to: from + Math.round(hours * HOUR_MS) };
}

function liftOf({ day, lift, fadeDays }: UpdateModel, dayNumber: number): number {
  const age = dayNumber - day;
  return age < 0 || age >= fadeDays ? 0 : lift * (1 - age / fadeDays);
}
