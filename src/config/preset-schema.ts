import { z } from 'zod';
import { defectKinds, type GameModel } from '../domain/game-model.ts';
import { day, rate, textThat, wholeNumber } from './fields.ts';

const atLeast = (least: number, more = '') => {
  const error = `expected a number of at least ${least}${more}`;
  return z.number({ error }).min(least, { error });
};
const between = (least: number, most: number) => {
  const error = `expected a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
};
const weight = atLeast(0);
const dayNumber = wholeNumber(0, 36_500);
const NAME_ERROR = 'expected a name of letters, digits, _, . and -, 60 at most';
const name = textThat((value) => /^[\w.-]{1,60}$/.test(value), NAME_ERROR);

function map<T extends z.ZodType>(entry: T): z.ZodRecord<typeof name, T> {
  const error = ({ code }: { readonly code?: string | undefined }) =>
    code === 'invalid_key' ? NAME_ERROR : 'expected a map of names';
  return z.record(name, entry, { error });
}

/** A map of which at least one entry has weight. */
function choice<T extends z.ZodType>(entry: T, weigh: (value: z.output<T>) => number) {
  const error = 'expected at least one entry with a weight above 0';
  return map(entry).refine(
    (entries) => (Object.values(entries) as z.output<T>[]).some((value) => weigh(value) > 0),
    { error },
  );
}

const weights = choice(weight, (value) => value);

/** Two numbers, the least and the most. */
function range(least: number, most: number) {
  const error = 'expected a list of two numbers, the least and the most';
  const end = between(least, most);
  return z.tuple([end, end], { error }).refine(([low, high]) => low <= high, { error });
}

/** A pause or a try; longer ones could make a session that goes on past noon, which the pipeline cuts at midnight. */
const MOST_SECONDS = 300;

const segment = z.strictObject({
  share: rate,
  activity: rate,
  fade: atLeast(0),
  churn: rate,
  sessionsADay: between(1, 10),
  triesASession: between(1, 50),
  payers: rate,
  ads: rate,
  skill: between(-1, 1),
  basket: weights,
});

const segments = map(segment).refine(
  (all) => Math.abs(Object.values(all).reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9,
  { error: (issue) => `expected shares that sum to 1, not to ${sumOf(issue.input, 'share')}` },
);

const wave = z
  .strictObject({ fromDay: dayNumber, toDay: dayNumber, weight })
  .refine(({ fromDay, toDay }) => fromDay <= toDay, { error: 'expected fromDay not to be after toDay' });

const outage = z
  .strictObject({ day: dayNumber, fromHour: between(0, 24), hours: between(0, 24) })
  .refine(({ fromHour, hours }) => fromHour + hours <= 24, { error: 'expected it to end by midnight' });

const defects = z
  .strictObject(Object.fromEntries(defectKinds.map((kind) => [kind, rate])))
  .refine((rates) => sumOfAll(rates) <= 1 || Object.values(rates).some((one) => one > 1), {
    error: (issue) => `expected rates that sum to 1 at most, not to ${sumOfAll(issue.input)}`,
  }) as unknown as z.ZodType<GameModel['defects']>;

/** A whole preset. */
export const presetSchema = z
  .strictObject({
    players: wholeNumber(1, 1_000_000),
    launchDay: day,
    intent: z.strictObject({ eventsAPlayer: atLeast(0), everPaid: rate }),
    acquisition: z.strictObject({
      calendarDays: wholeNumber(1, 36_500),
      launchShare: rate,
      decay: atLeast(0),
      waves: map(wave),
    }),
    segments,
    countries: choice(z.strictObject({ weight, utcOffset: between(-12, 14) }), (country) => country.weight),
    platforms: weights,
    sources: weights,
    hours: z
      .array(weight, { error: 'expected a list of 24 weights' })
      .length(24, { error: 'expected a list of 24 weights' })
      .refine((list) => list.some((hour) => hour > 0), { error: 'expected a weight above 0' }),
    weekendLift: between(1, 10),
    levels: z.strictObject({
      firstChance: rate,
      dropALevel: rate,
      mostDrop: rate,
      hardEvery: wholeNumber(1),
      hardDrop: rate,
      leastChance: rate,
      mostChance: rate,
      achievementEvery: wholeNumber(1),
    }),
    pace: z.strictObject({
      pauseSeconds: range(0, MOST_SECONDS),
      trySeconds: range(1, MOST_SECONDS),
    }),
    catalogue: map(between(0.01, 1_000_000)),
    purchaseChance: rate,
    ads: z.strictObject({ revenue: range(0, 100), placements: weights }),
    versions: choice(dayNumber, () => 1).refine((all) => Object.values(all).includes(0), {
      error: 'expected a version of day 0',
    }),
    updates: map(z.strictObject({ day: dayNumber, lift: between(0, 10), fadeDays: wholeNumber(1) })),
    outages: map(outage),
    defects,
    oversizedBytes: wholeNumber(1000, 16_777_216),
  })
  .superRefine(({ segments: all, catalogue }, context) => {
    for (const [owner, { basket }] of Object.entries(all)) {
      for (const product of Object.keys(basket).filter((one) => !(one in catalogue))) {
        context.addIssue({
          code: 'custom',
          path: ['segments', owner, 'basket', product],
          message: `expected a product of the catalogue: ${Object.keys(catalogue).join(', ')}`,
        });
      }
    }
  }) satisfies z.ZodType<GameModel>;

function sumOf(input: unknown, key: string): number {
  return sumOfAll(
    Object.fromEntries(
      Object.entries(input as Record<string, Record<string, number>>).map(([owner, one]) => [
        owner,
        one[key],
      ]),
    ),
  );
}

function sumOfAll(input: unknown): number {
  const sum = Object.values(input as Record<string, number>).reduce((total, one) => total + one, 0);
  return Number(sum.toFixed(9));
}
