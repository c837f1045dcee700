/** How the players of one segment behave. */
export interface Segment {
  readonly name: string;
  readonly share: number;
  /** Chance to play on the day after acquisition; falls with age by `fade`. */
  readonly activity: number;
  readonly fade: number;
  /** Chance, each day, never to come back. */
  readonly churn: number;
  readonly sessionsADay: number;
  readonly levelsASession: number;
  /** Chance that such a player is one who pays. */
  readonly payers: number;
  /** Chance of an ad after each level. */
  readonly ads: number;
  /** Added to the chance of winning a level. */
  readonly skill: number;
  /** Weights over the catalogue. */
  readonly basket: readonly number[];
}

/** The five segments; shares sum to 1 and 8 % of all players are payers. */
export const segments: readonly Segment[] = [
  {
    name: 'whale', share: 0.03, activity: 0.86, fade: 0.006, churn: 0.004, sessionsADay: 3, levelsASession: 4.2,
    payers: 0.95, ads: 0.05, skill: 0.1, basket: [1, 2, 4, 4, 3, 2],
  },
  {
    name: 'dolphin', share: 0.07, activity: 0.72, fade: 0.012, churn: 0.008, sessionsADay: 2.4, levelsASession: 3.4,
    payers: 0.5, ads: 0.15, skill: 0.06, basket: [4, 4, 2, 1, 0, 0],
  },
  {
    name: 'grinder', share: 0.15, activity: 0.8, fade: 0.008, churn: 0.006, sessionsADay: 3.1, levelsASession: 4.9,
    payers: 0.06, ads: 0.3, skill: 0.12, basket: [5, 2, 1, 0, 0, 0],
  },
  {
    name: 'casual', share: 0.45, activity: 0.46, fade: 0.03, churn: 0.016, sessionsADay: 1.5, levelsASession: 2.4,
    payers: 0.015, ads: 0.25, skill: 0, basket: [6, 1, 0, 0, 0, 0],
  },
  {
    name: 'churner', share: 0.3, activity: 0.36, fade: 0.12, churn: 0.2, sessionsADay: 1.3, levelsASession: 2.3,
    payers: 0.0025, ads: 0.2, skill: -0.08, basket: [6, 1, 0, 0, 0, 0],
  },
];

/** Countries with their share of players and the hours by which their clocks differ from UTC. */
export const countries = [
  { code: 'US', weight: 28, utcOffset: -6 },
  { code: 'BR', weight: 12, utcOffset: -3 },
  { code: 'GB', weight: 9, utcOffset: 0 },
  { code: 'DE', weight: 11, utcOffset: 1 },
  { code: 'PL', weight: 6, utcOffset: 1 },
  { code: 'TR', weight: 7, utcOffset: 3 },
  { code: 'IN', weight: 13, utcOffset: 5.5 },
  { code: 'KR', weight: 6, utcOffset: 9 },
  { code: 'JP', weight: 8, utcOffset: 9 },
] as const;

/** Platforms with their share of players. */
export const platforms = [
  { name: 'ios', weight: 42 },
  { name: 'android', weight: 50 },
  { name: 'web', weight: 8 },
] as const;

/** Where players come from, with their share. */
export const sources = [
  { name: 'organic', weight: 45 },
  { name: 'google_ads', weight: 22 },
  { name: 'facebook', weight: 20 },
  { name: 'influencer', weight: 8 },
  { name: 'cross_promo', weight: 5 },
] as const;

/** What can be bought, in USD. */
export const catalogue = [
  { id: 'starter_pack', price: '1.99' },
  { id: 'gems_small', price: '4.99' },
  { id: 'gems_medium', price: '9.99' },
  { id: 'season_pass', price: '14.99' },
  { id: 'gems_large', price: '49.99' },
  { id: 'gems_huge', price: '99.99' },
] as const;

/** Where ads are shown. */
export const placements = ['rewarded_continue', 'rewarded_boost', 'interstitial'] as const;

/** How many play in each hour of the player's own day. */
export const hourWeights = [
  3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 7, 6, 5, 5, 6, 8, 10, 12, 13, 12, 9, 6,
] as const;

/** Chance that a payer buys in a session. */
export const purchaseChance = 0.25;

/** How much more is played on Saturday and Sunday. */
export const weekendLift = 1.18;

/** Days over which players are acquired, counted from the launch, and what share comes on each. */
export const acquisitionCalendar: readonly number[] = planAcquisition(30);

function planAcquisition(days: number): number[] {
  const weights = Array.from({ length: days }, (_, day) => {
    if (day === 0) return 0;
    const wave = day >= 15 && day <= 18 ? 1.2 : 0;
    return 1 / (1 + day / 6) + wave;
  });
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight, day) => (day === 0 ? 0.4 : (0.6 * weight) / total));
}

/** Chance of winning a try at a level: learnt quickly at first, each seventh level is hard. */
export function winChance(level: number, skill: number): number {
  const hard = level % 7 === 0 ? 0.25 : 0;
  return Math.min(0.97, Math.max(0.1, 0.82 - Math.min(0.3, level / 250) - hard + skill));
}
