/** What an event must be to match a step: its type, and the values of some of its properties. */
export interface FunnelStep {
  readonly name: string;
  readonly event: string;
  readonly where?: Readonly<Record<string, string | number | boolean>>;
}

/** Ordered steps that a player takes within a window from the first of them. */
export interface Funnel {
  readonly windowDays: number;
  readonly steps: readonly FunnelStep[];
}

const STEP = /^([a-z][a-z0-9_]{0,39}) = ([a-z_]+)((?: [a-z_]+=[^\s=]+)*)$/;

/** Reads `level_5 = level_complete level=5 success=true`; null when it is no step. A value is a number, true, false or a text. */
export function readFunnelStep(text: string): FunnelStep | null {
  const [, name, event, conditions = ''] = STEP.exec(text) ?? [];
  if (name === undefined || event === undefined) return null;
  const where = conditions
    .split(' ')
    .filter((condition) => condition !== '')
    .map((condition) => condition.split('=') as [string, string])
    .map(([property, value]): [string, string | number | boolean] => [property, readValue(value)]);
  if (new Set(where.map(([property]) => property)).size < where.length) return null;
  return { name, event, where: Object.fromEntries(where) };
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d{1,13}(\.\d{1,4})?$/.test(text) ? Number(text) : text;
}
