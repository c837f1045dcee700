import type { Day } from '../../src/domain/day.ts';
import type { ArrivalMeasures } from '../../src/domain/measures.ts';
import {
  type EventTypeDeclaration,
  eventTypeNames,
  eventTypes,
  propertyNames,
  topLevelFields,
} from '../../src/schema/contract.ts';

type Json = Readonly<Record<string, unknown>>;

/** A line that is one JSON object, and whether it was accepted. */
export interface RecountedLine {
  readonly object: Json;
  readonly isAccepted: boolean;
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';
const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** The measures of an arrival, counted once more from its lines and accepted rows, without any of the reader's code. */
export function recount(
  lines: readonly RecountedLine[],
  accepted: readonly Json[],
  {
    day,
    baseCurrency,
    outlierAmount,
  }: { readonly day: Day; readonly baseCurrency: string; readonly outlierAmount: number | string },
): ArrivalMeasures {
  const names = lines.map(({ object }) => unknownOf(object));
  const purchases = accepted.filter(
    (row) => row['event_type'] === 'purchase' && (row['currency'] ?? baseCurrency) === baseCurrency,
  );
  const counts = countEach(names.flat());
  return {
    objects: lines.length,
    fields: Object.fromEntries([
      ...topLevelFields.map((field) => [
        field,
        { lines: lines.length, missing: lines.filter(({ object }) => isEmpty(object[field])).length },
      ]),
      ...eventTypeNames.flatMap((type) =>
        requiredOf(type).map((name) => [`${type}.${name}`, missingOf(lines, type, name)]),
      ),
    ]),
    eventTypes: Object.fromEntries(countEach(accepted.map((row) => String(row['event_type'])))),
    ...countDuplicates(accepted),
    late: accepted.filter((row) => String(row['event_day']) < day).length,
    purchases: purchases.length,
    outliers: purchases.filter((row) => Number(row['amount']) > Number(outlierAmount)).length,
    otherCurrencies: countOthers(accepted, baseCurrency),
    drifted: names.filter((some) => some.length > 0).length,
    unknownNames: Object.fromEntries(
      [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 20),
    ),
  };
}

function countOthers(accepted: readonly Json[], baseCurrency: string): ArrivalMeasures['otherCurrencies'] {
  const counts: Record<string, Record<string, number>> = {};
  for (const row of accepted) {
    const currency = row['currency'];
    if (row['event_type'] !== 'purchase' || typeof currency !== 'string' || currency === baseCurrency)
      continue;
    const name = /^[A-Z]{3}$/.test(currency) ? currency : 'other';
    const day = String(row['event_day']);
    counts[name] = { ...counts[name], [day]: (counts[name]?.[day] ?? 0) + 1 };
  }
  return counts;
}

function requiredOf(type: (typeof eventTypeNames)[number]): string[] {
  const declaration: EventTypeDeclaration = eventTypes[type];
  return propertyNames.filter((name) => declaration[name] === 'required');
}

function missingOf(
  lines: readonly RecountedLine[],
  type: string,
  name: string,
): { lines: number; missing: number } {
  const own = lines.filter(({ object }) => object['event_type'] === type);
  return {
    lines: own.length,
    missing: own.filter(({ object }) => isEmpty(asObject(object['properties'])[name])).length,
  };
}

function unknownOf(object: Json): string[] {
  const { event_type: type, properties } = object;
  const known: readonly string[] = eventTypeNames;
  return [
    ...Object.keys(object)
      .filter((name) => ![...topLevelFields, 'properties'].includes(name))
      .map((name) => `field ${name}`),
    ...Object.keys(asObject(properties))
      .filter((name) => !(propertyNames as string[]).includes(name))
      .map((name) => `property ${name}`),
    ...(typeof type === 'string' && type !== '' && !known.includes(type) ? [`event_type ${type}`] : []),
  ];
}

function countDuplicates(
  rows: readonly Json[],
): Pick<ArrivalMeasures, 'exactDuplicates' | 'conflictingDuplicates' | 'idsOnSeveralDays'> {
  const days = new Map<string, Map<string, string[]>>();
  for (const row of rows) {
    const id = String(row['event_id']);
    const byDay = days.get(id) ?? new Map<string, string[]>();
    days.set(id, byDay);
    const day = String(row['event_day']);
    byDay.set(day, [...(byDay.get(day) ?? []), JSON.stringify(row)]);
  }
  const groups = [...days.values()].flatMap((byDay) => [...byDay.values()]);
  const total = (of: (group: readonly string[]) => number) =>
    groups.reduce((sum, group) => sum + of(group), 0);
  return {
    exactDuplicates: total((group) => group.length - new Set(group).size),
    conflictingDuplicates: total((group) => new Set(group).size - 1),
    idsOnSeveralDays: [...days.values()].filter((byDay) => byDay.size > 1).length,
  };
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
