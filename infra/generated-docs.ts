import { configSchema } from '../src/config/schema.ts';
import { type CheckKey, checkKeys, checks, nameOfCheck } from '../src/domain/checks.ts';
import { showValue } from '../src/domain/evaluate-checks.ts';

const { quality } = configSchema.parse({});

/** Every page of docs/ that follows from declarations, by its path in the project. */
export const generatedDocs: Readonly<Record<string, string>> = { 'docs/checks.md': describeChecks() };

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
