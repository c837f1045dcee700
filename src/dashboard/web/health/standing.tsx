import { Text } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockCheck,
  IconHandStop,
  IconInbox,
  IconProgress,
  IconRefreshAlert,
} from '@tabler/icons-react';
import type { DayStanding } from '../../../domain/day-choice.ts';

/** How a day stands, as pages tell it: published ones whose numbers late events may change stand apart. */
export type ShownStanding = DayStanding | 'unsettled';

/** What each of them is called, in full and where room is scarce, its symbol and its colour. */
export const standings = {
  published: { label: 'Published', short: 'published', icon: IconCircleCheck, color: 'var(--good)' },
  unsettled: {
    label: 'Published, not final',
    short: 'not final',
    icon: IconClockCheck,
    color: 'var(--good)',
  },
  changed: {
    label: 'Changed since it was published',
    short: 'changed',
    icon: IconRefreshAlert,
    color: 'var(--warn)',
  },
  running: { label: 'Running', short: 'running', icon: IconProgress, color: 'var(--series-1)' },
  held: { label: 'Held, waits for a decision', short: 'held', icon: IconHandStop, color: 'var(--warn)' },
  failed: { label: 'Failed', short: 'failed', icon: IconCircleX, color: 'var(--bad)' },
  landed: { label: 'Landed, never run', short: 'not run', icon: IconInbox, color: 'var(--series-4)' },
  missing: {
    label: 'Missing',
    short: 'missing',
    icon: IconCircleDashed,
    color: 'var(--mantine-color-dimmed)',
  },
} as const satisfies Readonly<Record<ShownStanding, object>>;

/** How a day is shown: as it stands, and whether its numbers may still change. */
export function showStanding(state: DayStanding, isUnsettled: boolean): ShownStanding {
  return state === 'published' && isUnsettled ? 'unsettled' : state;
}

/** How a day stands, as symbol and text. */
export function Standing({
  state,
  size = 'sm',
}: {
  readonly state: ShownStanding;
  readonly size?: 'sm' | 'md';
}) {
  const { label, icon: Icon, color } = standings[state];
  return (
    <Text component="span" size={size} className="sign">
      <Icon size={size === 'sm' ? 16 : 20} color={color} aria-hidden />
      {label}
    </Text>
  );
}
