import { configSchema } from '../src/config/schema.ts';
import { type CheckKey, checkKeys, checks, nameOfCheck } from '../src/domain/checks.ts';
import { showValue } from '../src/domain/evaluate-checks.ts';
import { dayTables, type PublishedTable, publishedTables } from '../src/domain/tables.ts';
import { duckDbTypes } from '../src/schema/column.ts';
import type { Table } from '../src/schema/table.ts';
import { restatements } from '../src/schema/tables/restatements.ts';
import { tables } from '../src/schema/tables.ts';
import { describeConfiguration } from './configuration-page.ts';

const { quality } = configSchema.parse({});

const restatedTables = publishedTables
  .filter((name) => tables[name].restated !== undefined)
  .map((name) => `\`${name}\``);
const marks = [...new Set(publishedTables.flatMap((name) => tables[name].restated?.marks ?? []))].map(
  (name) => `\`${name}\``,
);

/** Every page of docs/ that follows from declarations, by its path in the project. */
export const generatedDocs: Readonly<Record<string, string>> = {
  'docs/checks.md': describeChecks(),
  'docs/configuration.md': describeConfiguration(),
  'docs/tables.md': describeTables(),
};

function describeChecks(): string {
  return `# Quality checks

What the gate measures of each arrival day before anything of it is published. Each check is measured on the day's own lines, and has in
the configuration, under \`quality\`, a \`threshold\`, a \`severity\` (\`error\`, \`warn\` or \`off\`) and, for errors, an \`action\`: \`fail\` ends the
day's run with a \`DataQualityError\`; \`hold\` lets it wait, up to \`quality.holdHours\`, for \`questline approve\` or \`questline reject\`. With
\`quality.strict\` warnings are errors. A day with failed checks of both actions fails.

This page is written by \`npm run docs\` from [src/domain/checks.ts](../src/domain/checks.ts), and the defaults from [src/config/quality-schema.ts](../src/config/quality-schema.ts).

| check | severity | default |
| --- | --- | --- |
${checkKeys.map((key) => `| [${nameOfCheck(key)}](#${nameOfCheck(key)}) | ${quality[key].severity} | ${describeDefault(key)} |`).join('\n')}

${checkKeys.map(describeCheck).join('\n\n')}
`;
}

function describeDefault(key: CheckKey): string {
  const { comparison, kind, unit } = checks[key];
  return `${comparison} ${showValue(kind, quality[key].threshold)} ${unit}${describeOwn(key)}`;
}

/** What else can be set of a check, beside what every check has. */
function describeOwn(key: CheckKey): string {
  const { severity: _, action: __, threshold: ___, ...own } = quality[key];
  const said = Object.entries(own).map(([name, value]) => `\`${name}\` ${JSON.stringify(value)}`);
  return said.length === 0 ? '' : `; ${said.join(', ')}`;
}

function describeCheck(key: CheckKey): string {
  const { title, meaning, toDo } = checks[key];
  return `## ${nameOfCheck(key)}

**${title}** (\`quality.${key}\`): ${describeDefault(key)}.

${meaning}

What to do: ${toDo}`;
}

function describeTables(): string {
  return `# Tables

Everything that is published, column by column. All days are UTC. Unknown is null and never 0; known nothing is 0 and never null. Money
is decimal with four places, summed as such. Distinct players of several rows must not be added up: a player may be in each of them.

This page is written by \`npm run docs\` from [src/schema/tables](../src/schema/tables). Each Parquet file carries the same definitions in its
key-value metadata (\`questline.definition\`, \`questline.columns\`), and [sql/](../sql) has each table once more as plain SQL: run one
with \`questline query --file sql/daily_metrics.sql\`.

| table | a row is | files |
| --- | --- | --- |
${publishedTables.map((name) => `| [${name}](#${name}) | ${tables[name].row} | ${filesOf(name)} |`).join('\n')}

SQL of \`questline query\` has three more names: \`events_enriched\` is \`events_cleaned\` with the player's \`acquisition_date\` (\`cohort_date\`), \`segment\`,
\`player_country\`, \`player_platform\` and \`player_source\`, \`accepted_rows\` is what \`events_cleaned\` is made from, duplicates included, and [restatements](#restatements) is what
later publishes changed. Readers of the files under \`tables/\` join events and players themselves:

\`\`\`sql
SELECT e.*, p.acquisition_date, p.segment, p.country AS player_country, p.platform AS player_platform, p.source AS player_source
FROM read_parquet('tables/events_cleaned/*/data.parquet') e
LEFT JOIN read_parquet('tables/players/data.parquet') p USING (player_id);
\`\`\`

${publishedTables.map((name) => describeTable(name, tables[name])).join('\n\n')}

${describeTable('restatements', restatements)}

Recorded at each publish for ${restatedTables.join(', ')}, of each of them all columns
but its key and ${marks.join(', ')}. \`npx questline status --restatements\` shows them, the newest first. Left out:

- \`players\` and \`level_funnel\`: they follow whole lives up to the last day and change with every day by definition;
- \`rolling\` retention: it moves with its horizon; and cells of cohorts that are not mature;
- tables by player, session and event: what changes in them shows in the tables above.
`;
}

function filesOf(name: PublishedTable): string {
  return dayTables.some((one) => one === name) ? `\`tables/${name}/dt=DAY/\`` : `\`tables/${name}/\``;
}

function describeTable(name: string, { row, definition, key, madeFrom, columns }: Table): string {
  const rows = Object.entries(columns).map(([column, { type, unit, definition: meaning, nullWhen }]) =>
    [`\`${column}\``, duckDbTypes[type], unit ?? '', meaning, nullWhen ?? ''].join(' | '),
  );
  return `## ${name}

${row}; key ${key.map((column) => `\`${column}\``).join(', ')}. Made from ${madeFrom.join(', ')}.

${definition}

| column | type | unit | definition | null when |
| --- | --- | --- | --- | --- |
${rows.map((text) => `| ${text} |`).join('\n')}`;
}
