import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { CheckVerdict, Comparison } from '../../../domain/check-result.ts';
import type { Answer } from '../../api/routes.ts';
import { formatNumber, type NumberKind } from '../format/number.ts';

type CheckKind = Answer<'day'>['checks'][number]['kind'];

const signs = {
  passed: { label: 'Passed', icon: IconCheck, color: 'var(--good)' },
  warned: { label: 'Warned', icon: IconAlertTriangle, color: 'var(--warn)' },
  failed: { label: 'Failed', icon: IconX, color: 'var(--bad)' },
  skipped: { label: 'Skipped', icon: IconMinus, color: 'var(--mantine-color-dimmed)' },
} as const;

/** What became of a check, as symbol and text. */
export function Verdict({ verdict }: { readonly verdict: CheckVerdict }) {
  const { label, icon: Icon, color } = signs[verdict];
  return (
    <Text component="span" size="sm" className="sign">
      <Icon size={16} color={color} aria-hidden />
      {label}
    </Text>
  );
}

/** How values of a kind of check are written. */
export const kindsOfChecks: Readonly<Record<CheckKind, NumberKind>> = {
  count: 'count',
  share: 'share',
  ratio: 'decimal',
};

/** `≥ 1,000`: what a value has to be. */
export function formatThreshold(comparison: Comparison, threshold: number, kind: CheckKind): string {
  return `${comparison === 'at least' ? '≥' : '≤'} ${formatNumber(threshold, kindsOfChecks[kind], '')}`;
}

/** `12 passed, 1 warned`: the verdicts that there are. */
export function countVerdicts(counts: Readonly<Partial<Record<CheckVerdict, number>>> | null): string | null {
  if (counts === null) return null;
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${formatNumber(count, 'count', '')} ${verdict}`)
    .join(', ');
}
