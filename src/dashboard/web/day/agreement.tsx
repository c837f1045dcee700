import { Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { formatNumber } from '../format/number.ts';

/** Whether both sides of a ledger come to the same. */
export function Agreement({ left, right }: { readonly left: number; readonly right: number }) {
  const isSame = left === right;
  const Icon = isSame ? IconCheck : IconX;
  const color = isSame ? 'var(--good)' : 'var(--bad)';
  const off = formatNumber(Math.abs(left - right), 'count', '');
  return (
    <Text size="sm" mt="xs" className="sign" fw={600}>
      <Icon size={16} color={color} aria-hidden />
      {isSame ? 'Both sides agree.' : `The sides differ by ${off}.`}
    </Text>
  );
}
