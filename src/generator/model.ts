/** What can be bought, prices in USD as they are written. */
export const catalogue = [
  { id: 'starter_pack', price: '1.99' },
  { id: 'gems_small', price: '4.99' },
  { id: 'gems_medium', price: '9.99' },
  { id: 'season_pass', price: '14.99' },
  { id: 'gems_large', price: '49.99' },
  { id: 'gems_huge', price: '99.99' },
] as const;

/** How the players of one segment behave. */
export interface Segment {
  readonly name: string;
  readonly share: number;
  /** Chance to play on a day, `activity / (1 + fade × age in days)`; on the day of acquisition everybody plays. */
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
  /** Weights of what is bought. */
  readonly basket: Readonly<Partial<Record<(typeof catalogue)[number]['id'], number>>>;
}

/** The five segments; shares sum to 1 and 8 % of all players are payers. */
export const segments: readonly Segment[] = [
  {
    name: 'whale',
    share: 0.03,
    activity: 0.86,
    fade: 0.006,
    churn: 0.004,
    sessionsADay: 3,
    levelsASession: 4.2,
    payers: 0.95,
    ads: 0.05,
    skill: 0.1,
    basket: { starter_pack: 1, gems_small: 2, gems_medium: 4, season_pass: 4, gems_large: 3, gems_huge: 2 },
  },
  {
    name: 'dolphin',
    share: 0.07,
    activity: 0.72,
    fade: 0.012,
    churn: 0.008,
    sessionsADay: 2.4,
    levelsASession: 3.4,
    payers: 0.5,
    ads: 0.15,
    skill: 0.06,
    basket: { starter_pack: 4, gems_small: 4, gems_medium: 2, season_pass: 1 },
  },
  {
    name: 'grinder',
    share: 0.15,
    activity: 0.8,
    fade: 0.008,
    churn: 0.006,
    sessionsADay: 3.1,
    levelsASession: 4.62,
    payers: 0.06,
    ads: 0.3,
    skill: 0.12,
    basket: { starter_pack: 5, gems_small: 2, gems_medium: 1 },
  },
  {
    name: 'casual',
    share: 0.45,
    activity: 0.46,
    fade: 0.03,
    churn: 0.016,
    sessionsADay: 1.5,
    levelsASession: 2.25,
    payers: 0.015,
    ads: 0.25,
    skill: 0,
    basket: { starter_pack: 6, gems_small: 1 },
  },
  {
    name: 'churner',
    share: 0.3,
    activity: 0.36,
    fade: 0.12,
    churn: 0.2,
    sessionsADay: 1.3,
    levelsASession: 2.3,
    payers: 0.0025,
    ads: 0.2,
    skill: -0.08,
    basket: { starter_pack: 6, gems_small: 1 },
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

/** Where ads are shown, with their share. */
export const placements = [
  { name: 'rewarded_continue', weight: 40 },
  { name: 'rewarded_boost', weight: 35 },
  { name: 'interstitial', weight: 25 },
] as const;

/** Versions of the game, oldest first, and the day since launch from which on everyone has them. */
export const versions = [
  { name: '1.4.0', since: 0 },
  { name: '1.4.1', since: 10 },
  { name: '1.5.0', since: 18 },
] as const;

/** How many play in each hour of the player's own day. */
export const hourWeights = [
  3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 7, 6, 5, 5, 6, 8, 10, 12, 13, 12, 9, 6,
] as const;

/** Chance that a payer buys in a session. */
export const purchaseChance = 0.25;

/** How much likelier a day of play, and how many more sessions, on Saturday and Sunday. */
export const weekendLift = 1.18;

/** Days from the launch on which new players come, where a spec does not say. */
export const defaultCalendarDays = 30;

/** Share of all players who come on the launch day, when there are more days. */
export const launchShare = 0.4;

/** How many new players come on a later day of the calendar, against others: falling, with a smaller second wave. */
export function weighAcquisition(dayNumber: number, calendarDays: number): number {
  const passed = dayNumber / calendarDays;
  const wave = passed >= 0.5 && passed < 0.63 ? 1.2 : 0;
  return 1 / (1 + (5 * dayNumber) / calendarDays) + wave;
}

/** Chance of winning a try at a level: learnt quickly at first, each seventh level is hard. */
export function winChance(level: number, skill: number): number {
  const hard = level % 7 === 0 ? 0.25 : 0;
  return Math.min(0.97, Math.max(0.1, 0.82 - Math.min(0.3, level / 250) - hard + skill));
}
