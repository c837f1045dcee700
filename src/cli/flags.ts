import { dayArgument, presetArgument } from './options.ts';

/** Options and arguments that several commands share, as Commander takes them. */
export const flags = {
  json: ['--json', 'print the result as JSON'],
  noWait: ['--no-wait', 'start it and return at once'],
  from: ['--from <day>', 'first day, YYYY-MM-DD', dayArgument],
  to: ['--to <day>', 'last day, included', dayArgument],
  preset: [
    '--preset <name>',
    'game that is played: a name in config/presets, or a .yaml file',
    presetArgument,
  ],
  asOf: [
    '--as-of <snapshot>',
    'read this snapshot instead of the current one: its id, or the beginning of it',
  ],
  day: ['<day>', 'arrival day, YYYY-MM-DD', dayArgument],
} as const;

/** Examples of a command, as its help shows them below everything else. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ npx questline ${line}`).join('\n')}\n`;
}
