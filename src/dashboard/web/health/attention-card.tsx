import { Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DayLink } from '../cards/data-table.tsx';
import { formatDay } from '../format/locale.ts';
import { RunLink } from './run-link.tsx';
import { Standing } from './standing.tsx';

/** Days that failed or wait for a decision, with the reason; nothing when there are none. */
export function AttentionCard({ days }: Pick<Answer<'health'>, 'days'>) {
  const open = days.filter(({ state }) => state === 'failed' || state === 'held');
  if (open.length === 0) return null;
  return (
    <Card
      title="Days that need someone"
      about="Their numbers are those published before, or none; the newest day first."
    >
      <ul className="attention">
        {open.toReversed().map(({ day, state, message, run }) => (
          <li key={day}>
            <DayLink day={day} /> <Standing state={state} /> <RunLink href={run} of={formatDay(day)} />
            {message === null || message === '' ? null : (
              <Text size="sm" className="message">
                {message}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
