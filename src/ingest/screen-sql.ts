import { addDays } from '../domain/day.ts';
import {
  type EventTypeDeclaration,
  type EventTypeName,
  eventTypeNames,
  eventTypes,
  type PropertyName,
  propertyNames,
  propertyOf,
  topLevelFields,
  typesWith,
} from '../schema/contract.ts';
import { type ClassifyRules, jsonTypesOf, quote, transformShape } from './classify-sql.ts';

const at = (n: number) => `types[${n + 1}]`;

function propertiesOf(type: EventTypeName): PropertyName[] {
  return Object.keys(eventTypes[type]) as PropertyName[];
}

function pathsOf(type: EventTypeName): string {
  const fields = topLevelFields.map((field) => `$.${field}`);
  const own = propertiesOf(type).map((name) => `$.properties.${name}`);
  return `[${[...fields, '$.properties', ...own].map(quote).join(', ')}]`;
}

/** Whether the own properties of a row of this type have plain values that need no closer look. */
function arePlain(type: EventTypeName): string {
  const tests = propertiesOf(type).map((name, n) => {
    const { kind, min } = propertyOf(name);
    const value = `fields.properties.${name}`;
    const typed = `${at(topLevelFields.length + 1 + n)} IN (${jsonTypesOf(kind).map(quote).join(', ')})`;
    const required = (eventTypes[type] as EventTypeDeclaration)[name] === 'required';
    const plainly = [typed];
    if (kind === 'text' && required) plainly.push(`${value} <> ''`);
    if (kind === 'money') plainly.push(String.raw`regexp_full_match(${value}, '\d{1,13}(\.\d{1,4})?')`);
    else plainly.push(`${value} IS NOT NULL`);
    if (min !== undefined && kind !== 'money') plainly.push(`${value} >= ${min}`);
    const plain = plainly.join(' AND ');
    return required ? `(${plain})` : `(${at(topLevelFields.length + 1 + n)} IS NULL OR (${plain}))`;
  });
  return tests.join(' AND ');
}

function ownValue(name: PropertyName): string {
  const codes = [...typesWith(name, 'required'), ...typesWith(name, 'optional')].map(
    (type) => eventTypeNames.indexOf(type) + 1,
  );
  const value = `fields.properties.${name}`;
  const typed = propertyOf(name).kind === 'money' ? `TRY_CAST(${value} AS DECIMAL(18,4))` : value;
  return `CASE WHEN code IN (${codes.join(', ')}) THEN ${typed} END AS ${name}`;
}

/**
 * SQL over `source` (columns `seq`, `line`) that settles the great mass of plain, correct lines cheaply: `plain` is true
 * for lines that `classifySql` accepts with these very values; the others keep their `line` for it to judge.
 */
export function screenSql(source: string, rules: ClassifyRules): string {
  const byType = (pick: (type: EventTypeName) => string) =>
    `CASE code ${eventTypeNames.map((type, n) => `WHEN ${n + 1} THEN ${pick(type)}`).join('\n      ')} END`;
  const timestamp = String.raw`CASE WHEN regexp_full_match(fields.timestamp,
      '\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z') THEN TRY_CAST(fields.timestamp AS TIMESTAMP) END`;
  const fields = topLevelFields.map((field, n) => `${at(n)} = 'VARCHAR' AND fields.${field} <> ''`);
  const container = at(topLevelFields.length);
  return `
  WITH parsed AS (
    SELECT seq, line, CASE WHEN json_valid(line) THEN line::JSON END AS j FROM ${source}
  ), extracted AS (
    SELECT seq, line, j, json_transform(j, ${quote(transformShape())}) AS fields FROM parsed
  ), coded AS (
    SELECT seq, line, j, fields, ${timestamp} AS event_at,
      list_position([${eventTypeNames.map(quote).join(', ')}], fields.event_type) AS code
    FROM extracted
  ), typed AS (
    SELECT *, event_at::DATE AS event_day, ${byType((type) => `json_type(j, ${pathsOf(type)})`)} AS types FROM coded
  ), screened AS (
    SELECT *, coalesce(
      ${fields.join('\n      AND ')}
      AND ${container} = 'OBJECT'
      AND event_day BETWEEN DATE ${quote(addDays(rules.day, -rules.lateWindowDays))}
        AND DATE ${quote(addDays(rules.day, rules.futureWindowDays))}
      AND ${byType(arePlain)}, false) AS plain
    FROM typed
  )
  SELECT seq, plain, CASE WHEN NOT plain THEN line END AS line,
    fields.event_id AS event_id, fields.player_id AS player_id, fields.event_type AS event_type,
    event_at AS timestamp, event_day,
    ${propertyNames.map(ownValue).join(',\n    ')}
  FROM screened`;
}
