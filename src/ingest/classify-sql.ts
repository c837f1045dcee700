import { addDays, type Day } from '../domain/day.ts';
import {
  eventTypeNames,
  type PropertyKind,
  type PropertyName,
  propertyNames,
  propertyOf,
  topLevelFields,
  typesWith,
} from '../schema/contract.ts';

/** What the reading of an arrival depends on beside its lines. */
export interface ClassifyRules {
  readonly day: Day;
  readonly lateWindowDays: number;
  readonly futureWindowDays: number;
  readonly naiveTimestamps: 'reject' | 'utc';
}

const ISO_8601 = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?`;
const OFFSET = String.raw`(Z|[+-]\d{2}(:?\d{2})?)`;

const kinds: Record<PropertyKind, { readAs: string; jsonTypes: string[]; said: string }> = {
  text: { readAs: 'VARCHAR', jsonTypes: ['VARCHAR'], said: 'text' },
  integer: { readAs: 'BIGINT', jsonTypes: ['BIGINT', 'UBIGINT'], said: 'a whole number' },
  number: {
    readAs: 'DOUBLE',
    jsonTypes: ['BIGINT', 'UBIGINT', 'DOUBLE'],
    said: 'a number',
  },
  money: {
    readAs: 'VARCHAR',
    jsonTypes: ['BIGINT', 'UBIGINT', 'DOUBLE'],
    said: 'a number',
  },
  boolean: { readAs: 'BOOLEAN', jsonTypes: ['BOOLEAN'], said: 'true or false' },
};

/** The names by which `json_type` calls what a kind accepts. */
export function jsonTypesOf(kind: PropertyKind): readonly string[] {
  return kinds[kind].jsonTypes;
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const paths = [
  ...topLevelFields.map((field) => `$.${field}`),
  '$.properties',
  ...propertyNames.map((name) => `$.properties.${name}`),
];

function typeAt(path: string): string {
  return `types[${paths.indexOf(path) + 1}]`;
}

function propertyType(name: PropertyName): string {
  return typeAt(`$.properties.${name}`);
}

const isAbsent = (type: string) => `(${type} IS NULL OR ${type} = 'NULL')`;
const inTypes = (types: readonly string[]) =>
  types.length === eventTypeNames.length ? 'true' : `event_type IN (${types.map(quote).join(', ')})`;

/** The shape that `json_transform` reads each line into, money as text. */
export function transformShape(): string {
  const fields = topLevelFields.map((field) => [field, 'VARCHAR']);
  const props = propertyNames.map((name) => [name, kinds[propertyOf(name).kind].readAs]);
  return JSON.stringify({ ...Object.fromEntries(fields), properties: Object.fromEntries(props) });
}

/** Decimal(18,4) from a number's own digits, rounded half to even; null when it does not fit. */
function moneyFromText(text: string): string {
  const exact = `TRY_CAST(${text} AS DECIMAL(38,12))`;
  const units = `trunc(${exact} * 10000)`;
  const rest = `abs(${exact} * 10000 - ${units})`;
  const up = `(${rest} > 0.5 OR (${rest} = 0.5 AND ${units} % 2 <> 0))`;
  const rounded = `(${units} + CASE WHEN ${up} THEN sign(${exact}) ELSE 0 END)`;
  const fits = `abs(TRY_CAST(${text} AS DOUBLE)) < 1e14`;
  return `CASE WHEN ${fits} THEN TRY_CAST(${rounded}::DECIMAL(24,0)::DECIMAL(30,4) / 10000 AS DECIMAL(18,4)) END`;
}

function propertyValue(name: PropertyName): string {
  const { kind } = propertyOf(name);
  const raw = `fields.properties.${name}`;
  return kind === 'money' ? moneyFromText(raw) : raw;
}

function isWrongType(name: PropertyName): string {
  const { kind } = propertyOf(name);
  const type = propertyType(name);
  const fits = `${type} IN (${kinds[kind].jsonTypes.map(quote).join(', ')})`;
  const whole =
    kind === 'integer'
      ? ` OR (${type} = 'DOUBLE' AND TRY_CAST(json_extract_string(j, ${quote(`$.properties.${name}`)}) AS DOUBLE) = ${name})`
      : '';
  const carriers = inTypes(carriersOf(name));
  return `(${carriers} AND NOT ${isAbsent(type)} AND (NOT (${fits}${whole}) OR ${name} IS NULL))`;
}

interface ReasonRule {
  readonly reason: string;
  readonly when: string;
  readonly detail: string;
}

function fieldRules(): ReasonRule[] {
  const missing = topLevelFields.map((field) => ({
    reason: 'missing_field',
    when: `(${isAbsent(typeAt(`$.${field}`))} OR (${typeAt(`$.${field}`)} = 'VARCHAR' AND fields.${field} = ''))`,
    detail: quote(`${field} is absent, null or empty`),
  }));
  const missingProperties = propertyNames.flatMap((name) => {
    const types = typesWith(name, 'required');
    const type = propertyType(name);
    const container = typeAt('$.properties');
    const canCarry = `(${isAbsent(container)} OR ${container} = 'OBJECT')`;
    const isEmpty = propertyOf(name).kind === 'text' ? ` OR (${type} = 'VARCHAR' AND ${name} = '')` : '';
    const when = `(${inTypes(types)} AND ${canCarry} AND (${isAbsent(type)}${isEmpty}))`;
    const detail = `'properties.${name} is absent, null or empty; ' || event_type || ' needs it'`;
    return types.length === 0 ? [] : [{ reason: 'missing_field', when, detail }];
  });
  return [...missing, ...missingProperties];
}

function typeRules(rules: ClassifyRules): ReasonRule[] {
  const texts = topLevelFields.map((field) => ({
    reason: 'wrong_type',
    when: `${typeAt(`$.${field}`)} <> 'VARCHAR'`,
    detail: `'${field} is ' || lower(${typeAt(`$.${field}`)}) || '; expected text'`,
  }));
  const example = rules.naiveTimestamps === 'utc' ? '' : ' with Z or an offset';
  return [
    ...texts,
    {
      reason: 'wrong_type',
      when: 'event_at IS NULL',
      detail: `'timestamp is ' || left(fields.timestamp, 80) || '; expected ISO 8601${example}'`,
    },
    {
      reason: 'wrong_type',
      when: `(NOT ${isAbsent(typeAt('$.properties'))} AND ${typeAt('$.properties')} <> 'OBJECT')`,
      detail: `'properties is ' || lower(${typeAt('$.properties')}) || '; expected an object'`,
    },
    {
      reason: 'unknown_type',
      when: `NOT (event_type IN (${eventTypeNames.map(quote).join(', ')}))`,
      detail: `'event_type ' || left(event_type, 80) || ' is not in the contract'`,
    },
  ];
}

function propertyRules(): ReasonRule[] {
  const wrong = propertyNames.map((name) => ({
    reason: 'wrong_type',
    when: isWrongType(name),
    detail: `'properties.${name} is ' || lower(${propertyType(name)}) || '; expected ${kinds[propertyOf(name).kind].said} that fits'`,
  }));
  const outside = propertyNames.flatMap((name) => {
    const { min } = propertyOf(name);
    if (min === undefined) return [];
    const carriers = inTypes(carriersOf(name));
    const when = `(${carriers} AND ${name} < ${min})`;
    return [
      { reason: 'out_of_range', when, detail: `'properties.${name} is ' || ${name} || '; at least ${min}'` },
    ];
  });
  return [...wrong, ...outside];
}

function dayRules(rules: ClassifyRules): ReasonRule[] {
  const earliest = addDays(rules.day, -rules.lateWindowDays);
  const latest = addDays(rules.day, rules.futureWindowDays);
  return [
    {
      reason: 'future',
      when: `event_day > DATE ${quote(latest)}`,
      detail: `'event day ' || event_day || ' is after ${latest}, the last that ${rules.day} may hold'`,
    },
    {
      reason: 'too_late',
      when: `event_day < DATE ${quote(earliest)}`,
      detail: `'event day ' || event_day || ' is before ${earliest}, the first that ${rules.day} may hold'`,
    },
  ];
}

/** The contract's reasons in their order, each as a condition over one line and a sentence about it. */
function reasonRules(rules: ClassifyRules): ReasonRule[] {
  const malformed = {
    reason: 'malformed',
    when: `(j IS NULL OR json_type(j) <> 'OBJECT')`,
    detail: `CASE WHEN j IS NULL THEN 'not JSON' ELSE 'JSON, but not an object' END`,
  };
  return [malformed, ...fieldRules(), ...typeRules(rules), ...propertyRules(), ...dayRules(rules)];
}

const carriersOf = (name: PropertyName) => [...typesWith(name, 'required'), ...typesWith(name, 'optional')];

/** Every column of an accepted row, in the order of the accepted object. */
export const acceptedColumns = [
  'event_id',
  'player_id',
  'event_type',
  'timestamp',
  'event_day',
  ...propertyNames,
];

function timestampValue(rules: ClassifyRules): string {
  const raw = 'fields.timestamp';
  const micros = String.raw`regexp_replace(replace(${raw}, ',', '.'), '(\.\d{6})\d+', '\1')`;
  const seconds = String.raw`regexp_replace(${micros}, '(T\d{2}:\d{2})($|Z|[+-])', '\1:00\2')`;
  const offset = String.raw`regexp_replace(${seconds}, '([+-]\d{2})(\d{2})$', '\1:\2')`;
  const instant = (text: string) => `make_timestamp(epoch_us(TRY_CAST(${text} AS TIMESTAMPTZ)))`;
  const cases = [`WHEN regexp_full_match(${raw}, '${ISO_8601}${OFFSET}') THEN ${instant(offset)}`];
  if (rules.naiveTimestamps === 'utc') {
    cases.push(`WHEN regexp_full_match(${raw}, '${ISO_8601}') THEN ${instant(`${seconds} || 'Z'`)}`);
  }
  return `CASE ${cases.join(' ')} END`;
}

/**
 * SQL that reads one JSON text a row from `source` (columns `seq`, `line`) and gives each its typed columns, `reason`
 * (null when accepted), `detail` and, when rejected, its `line`. The order of reasons is the contract's.
 */
export function classifySql(source: string, rules: ClassifyRules): string {
  const cases = (pick: (rule: ReasonRule) => string) =>
    reasonRules(rules)
      .map((rule) => `WHEN ${rule.when} THEN ${pick(rule)}`)
      .join('\n      ');
  const own = propertyNames.map((name) => {
    const carriers = inTypes(carriersOf(name));
    return `CASE WHEN ${carriers} THEN ${name} END AS ${name}`;
  });
  return `
  WITH parsed AS (
    SELECT seq, line, CASE WHEN json_valid(line) THEN line::JSON END AS j FROM ${source}
  ), extracted AS (
    SELECT seq, line, j,
      json_type(j, [${paths.map(quote).join(', ')}]) AS types,
      json_transform(j, ${quote(transformShape())}) AS fields
    FROM parsed
  ), typed AS (
    SELECT seq, line, j, types, fields,
      fields.event_id AS event_id, fields.player_id AS player_id, fields.event_type AS event_type,
      ${timestampValue(rules)} AS event_at,
      ${propertyNames.map((name) => `${propertyValue(name)} AS ${name}`).join(',\n      ')}
    FROM extracted
  ), dated AS (
    SELECT *, event_at::DATE AS event_day FROM typed
  ), judged AS (
    SELECT *, CASE
      ${cases((rule) => quote(rule.reason))} END AS reason
    FROM dated
  )
  SELECT seq, reason,
    CASE WHEN reason IS NOT NULL THEN CASE
      ${cases((rule) => rule.detail)} END END AS detail,
    CASE WHEN reason IS NOT NULL THEN line END AS line,
    event_id, player_id, event_type, event_at AS timestamp, event_day,
    ${own.join(',\n    ')}
  FROM judged`;
}
