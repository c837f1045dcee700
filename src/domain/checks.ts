import type { Action, Comparison, Severity } from './check-result.ts';
import type { Day } from './day.ts';
import { type ArrivalLedger, sum } from './ledger.ts';
import type { ArrivalMeasures } from './measures.ts';

/** What can be said of one arrival before its gate: everything that checks measure. */
export interface MeasuredArrival {
  readonly ledger: ArrivalLedger;
  readonly measures: ArrivalMeasures;
  /** Raw objects with their size as stored, in bytes. */
  readonly objects: readonly { readonly key: string; readonly bytes: number }[];
  /** Stored bytes of the arrivals of the seven days before that have raw data, published or not. */
  readonly trailingBytes: readonly number[];
  /** Whether purchases in a currency are converted on an event day. */
  hasRate(currency: string, day: Day): boolean;
}

/** How one check is configured; the other keys of its section are its own. */
export interface CheckRule {
  readonly severity: Severity;
  readonly action: Action;
  readonly threshold: number;
}

/** The configured checks: the section `quality` of the configuration. */
export interface QualityRules {
  /** Turns warnings into errors. */
  readonly strict: boolean;
  readonly minimumEvents: CheckRule;
  readonly requiredTypes: CheckRule & { readonly types: readonly string[] };
  readonly nullShare: CheckRule;
  readonly duplicates: CheckRule;
  readonly futureEvents: CheckRule;
  /** `amount`, in the base currency, is what a purchase may come to. */
  readonly revenueOutliers: CheckRule & { readonly amount: number };
  /** The limit is `threshold` lines or `share` of the lines, whichever is more. */
  readonly unconvertedPurchases: CheckRule;
  readonly malformedLines: CheckRule & { readonly share: number };
  readonly fileSize: CheckRule & { readonly minBytes: number; readonly maxBytes: number };
  readonly schemaDrift: CheckRule;
  readonly volumeDrop: CheckRule;
  readonly volumeRise: CheckRule;
  readonly lateShare: CheckRule;
  readonly repeatedIds: CheckRule;
}

/** Key of a check in the configuration. */
export type CheckKey = Exclude<keyof QualityRules, 'strict'>;

/** What a check found; a `value` of null: there is nothing to measure. */
export interface Measurement {
  readonly value: number | null;
  /** When it is not the rule's own. */
  readonly threshold?: number;
  readonly numerator?: number;
  readonly denominator?: number;
  readonly detail?: string;
}

/** What values of a check are: counts, or shares and ratios, which are shown as per cent and as multiples. */
export const checkKinds = ['count', 'share', 'ratio'] as const;

/** One check: what it measures, how that is compared, what it means when it does not hold, and what to do then. */
export interface CheckDeclaration<K extends CheckKey = CheckKey> {
  readonly title: string;
  /** What the value counts, for example `accepted events`, or what it is a share of. */
  readonly unit: string;
  /** Whether values are shares, shown as per cent, or counts. */
  readonly kind: (typeof checkKinds)[number];
  readonly comparison: Comparison;
  readonly meaning: string;
  readonly toDo: string;
  measure(arrival: MeasuredArrival, rule: QualityRules[K]): Measurement;
}

/** Days with raw data that the volume checks need before them. */
export const LEAST_HISTORY = 3;

/** Every check, in the order in which reports list them. */
export const checks: { readonly [K in CheckKey]: CheckDeclaration<K> } = {
  minimumEvents: {
    title: 'Minimum event count',
    unit: 'accepted events',
    kind: 'count',
    comparison: 'at least',
    meaning: 'Too little arrived to be a whole day: an upload is missing, or the client stopped sending.',
    toDo: 'Compare with what the game sent, land the missing files, and run the day again.',
    measure: ({ ledger }) => ({ value: ledger.accepted }),
  },
  requiredTypes: {
    title: 'Required event types',
    unit: 'required types without an accepted event',
    kind: 'count',
    comparison: 'at most',
    meaning: 'A kind of event that every day has is not there: a release broke its tracking.',
    toDo: 'Find out which version stopped sending the type; land it from the backend if it is kept there.',
    measure: ({ measures }, { types }) => {
      const missing = types.filter((type) => (measures.eventTypes[type] ?? 0) === 0);
      return { value: missing.length, denominator: types.length, detail: missing.join(', ') };
    },
  },
  nullShare: {
    title: 'Null share of a required field',
    unit: 'of the lines that need the field',
    kind: 'share',
    comparison: 'at most',
    meaning: 'A field that events need is absent, null or empty too often: those lines are rejected.',
    toDo: 'Look at them (questline quarantine show DAY --reason missing_field), mend and replay them.',
    measure: ({ measures }, { threshold }) => {
      const shares = Object.entries(measures.fields)
        .map(([field, { lines, missing }]) => ({ field, lines, missing, share: ratio(missing, lines) ?? 0 }))
        .sort((a, b) => b.share - a.share || (a.field < b.field ? -1 : 1));
      const [worst] = shares;
      if (worst === undefined || worst.lines === 0) return { value: null };
      const over = shares.filter(({ share }) => share > threshold).map(({ field }) => field);
      const named = over.length > 0 ? over : [worst.field];
      const { share, missing, lines } = worst;
      return { value: share, numerator: missing, denominator: lines, detail: named.join(', ') };
    },
  },
  duplicates: {
    title: 'Duplicate events',
    unit: 'of the accepted rows',
    kind: 'share',
    comparison: 'at most',
    meaning:
      'Rows repeat the id of another of their day. They are not counted twice, but a client that sends twice may lose too.',
    toDo: 'Look for a retry loop or a file that was exported twice.',
    measure: ({ ledger, measures }) => {
      const { exactDuplicates: exact, conflictingDuplicates: conflicting } = measures;
      const detail = exact + conflicting > 0 ? `${exact} exact, ${conflicting} conflicting` : '';
      return shareOf(exact + conflicting, ledger.accepted, detail);
    },
  },
  futureEvents: {
    title: 'Future timestamps',
    unit: 'of the lines',
    kind: 'share',
    comparison: 'at most',
    meaning:
      'Events say that they happened after the window that the day may hold: devices’ clocks, or a wrong time zone.',
    toDo: 'Check the clock and time zone of the client that sends them; such lines are rejected and kept.',
    measure: ({ ledger }) => shareOf(ledger.rejected.future ?? 0, linesOf(ledger)),
  },
  revenueOutliers: {
    title: 'Revenue outliers',
    unit: 'purchases above the limit',
    kind: 'count',
    comparison: 'at most',
    meaning:
      'Purchases are dearer than anything the game sells: cents sent as dollars, another currency, or fraud. They are accepted and counted.',
    toDo: 'Look at the amounts; if they are wrong, land the day again with right ones. If they are right, raise the limit.',
    measure: ({ measures }, { amount }) => ({
      value: measures.outliers,
      denominator: measures.purchases,
      detail: measures.outliers > 0 ? `above ${amount}` : '',
    }),
  },
  unconvertedPurchases: {
    title: 'Purchases without a rate',
    unit: 'of the purchases',
    kind: 'share',
    comparison: 'at most',
    meaning:
      'Purchases are in a currency that has no rate on their day: they are kept, left out of revenue, and summed in the table revenue_other.',
    toDo: 'Add the currency to pipeline.currencyRates and run the day again.',
    measure: ({ measures, hasRate }) => {
      const counts = Object.entries(measures.otherCurrencies).map(([currency, byDay]) => {
        const days = Object.entries(byDay) as [Day, number][];
        return [
          currency,
          sum(days.filter(([day]) => !hasRate(currency, day)).map(([, rows]) => rows)),
        ] as const;
      });
      const without = counts.filter(([, rows]) => rows > 0).sort(([a], [b]) => (a < b ? -1 : 1));
      const detail = without.slice(0, 5).map(([currency, rows]) => `${currency}: ${rows}`);
      return shareOf(
        sum(without.map(([, rows]) => rows)),
        measures.eventTypes['purchase'] ?? 0,
        detail.join(', '),
      );
    },
  },
  malformedLines: {
    title: 'Malformed lines',
    unit: 'lines that are not one readable JSON object',
    kind: 'count',
    comparison: 'at most',
    meaning:
      'Lines are no JSON, no UTF-8, or too long to be read: a cut-off file, a wrong format, or a logger’s text among the events.',
    toDo: 'Look at them (questline quarantine show DAY --reason malformed), mend and replay them, or land the file again.',
    measure: ({ ledger }, { threshold, share }) => {
      const { bad_encoding = 0, oversized = 0, malformed = 0 } = ledger.rejected;
      const lines = linesOf(ledger);
      return {
        value: bad_encoding + oversized + malformed,
        threshold: Math.max(threshold, Math.floor(share * lines)),
        denominator: lines,
      };
    },
  },
  fileSize: {
    title: 'File size',
    unit: 'objects smaller or larger than they may be',
    kind: 'count',
    comparison: 'at most',
    meaning:
      'An object is so small that it can hold nothing, or so large that something went wrong where it was written.',
    toDo: 'Look at the object; land it again whole, or in several.',
    measure: ({ objects }, { minBytes, maxBytes }) => {
      const outside = objects.filter(({ bytes }) => bytes < minBytes || bytes > maxBytes);
      const detail = outside.slice(0, 3).map(({ key, bytes }) => `${key} (${bytes} bytes)`);
      return { value: outside.length, denominator: objects.length, detail: detail.join(', ') };
    },
  },
  schemaDrift: {
    title: 'Schema drift',
    unit: 'of the lines that are objects',
    kind: 'share',
    comparison: 'at most',
    meaning:
      'Lines have event types or fields that the contract does not know: the client changed before the contract did.',
    toDo: 'Add what is meant to be there to src/schema/contract.ts; unknown fields are kept out of the tables until then.',
    measure: ({ measures }) => {
      const names = Object.entries(measures.unknownNames).slice(0, 5);
      const detail = names.map(([name, lines]) => `${name}: ${lines}`).join(', ');
      return shareOf(measures.drifted, measures.objects, detail);
    },
  },
  volumeDrop: {
    title: 'Volume below the days before',
    unit: 'times the median of the seven days before',
    kind: 'ratio',
    comparison: 'at least',
    meaning: 'Far fewer raw bytes arrived than on the days before: part of the data is missing.',
    toDo: 'Look for files that did not arrive; land them and run the day again.',
    measure: measureVolume,
  },
  volumeRise: {
    title: 'Volume above the days before',
    unit: 'times the median of the seven days before',
    kind: 'ratio',
    comparison: 'at most',
    meaning:
      'Far more raw bytes arrived than on the days before: a file that landed twice, a client in a loop, or good news.',
    toDo: 'Look for files that landed twice, and at the duplicates.',
    measure: measureVolume,
  },
  lateShare: {
    title: 'Late events',
    unit: 'of the accepted rows',
    kind: 'share',
    comparison: 'at most',
    meaning: 'Events arrived days after they happened: earlier days are restated by them.',
    toDo: 'Find out what delayed them; earlier days’ numbers change with this one.',
    measure: ({ ledger, measures }) => shareOf(measures.late, ledger.accepted),
  },
  repeatedIds: {
    title: 'Ids on several days',
    unit: 'event ids that stand on more than one day',
    kind: 'count',
    comparison: 'at most',
    meaning:
      'The same event id has timestamps of different days: duplicates that are counted on each, since a day is deduplicated by itself.',
    toDo: 'Make the client keep an event’s timestamp when it sends it again.',
    measure: ({ measures }) => ({ value: measures.idsOnSeveralDays }),
  },
};

/** Keys of all checks, in their order. */
export const checkKeys = Object.keys(checks) as CheckKey[];

/** A check's name in reports and messages: its key in snake case. */
export function nameOfCheck(key: CheckKey): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The declaration of a check by its name in reports; null for the name of a check that is none any more. */
export function findCheck(name: string): CheckDeclaration | null {
  const key = checkKeys.find((one) => nameOfCheck(one) === name);
  return key === undefined ? null : checks[key];
}

/** Lines that checks speak of: all but the superseded ones. */
function linesOf({ lines, superseded }: ArrivalLedger): number {
  return lines - superseded;
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}

function shareOf(numerator: number, denominator: number, detail = ''): Measurement {
  return { value: ratio(numerator, denominator), numerator, denominator, detail };
}

function measureVolume({ objects, trailingBytes }: MeasuredArrival): Measurement {
  if (trailingBytes.length < LEAST_HISTORY) return { value: null };
  const own = objects.reduce((total, { bytes }) => total + bytes, 0);
  const middle = medianOf(trailingBytes);
  return { value: ratio(own, middle), numerator: own, denominator: middle };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  return (lower + upper) / 2;
}
