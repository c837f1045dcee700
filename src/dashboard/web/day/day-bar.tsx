import { Button, Group, Stack, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { addDays, type Day } from '../../../domain/day.ts';
import type { Answer } from '../../api/routes.ts';
import { formatDay } from '../format/locale.ts';
import { AskAgain } from '../health/ask-again.tsx';
import { RunLink } from '../health/run-link.tsx';
import { Standing, showStanding } from '../health/standing.tsx';
import { keepScope } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { RunDay } from '../writes/run-day.tsx';
import { WhyNot } from '../writes/why-not.tsx';

/** How a day stands, the days beside it, and what can be done with it. */
export function DayBar({ day, data, again }: DayBarProps) {
  const standing = data?.standing;
  return (
    <Stack gap="sm">
      <Group gap="sm" mih={24}>
        {standing === undefined ? null : (
          <>
            <Standing size="md" state={showStanding(standing.state, data?.metrics?.settled === false)} />
            <RunLink href={standing.run} of={formatDay(day)} />
          </>
        )}
      </Group>
      {standing == null || (standing.message ?? '') === '' ? null : (
        <Text size="sm" className="message">
          {standing.message}
        </Text>
      )}
      <Group gap="xs">
        <Neighbours day={day} />
        <RunDay label="Run this day" day={day} />
        <AskAgain again={again} />
        <WhyNot />
      </Group>
    </Stack>
  );
}

/** What it tells about. */
export interface DayBarProps {
  readonly day: Day;
  /** Undefined while nothing is known. */
  readonly data: Answer<'day'> | undefined;
  readonly again: () => Promise<unknown>;
}

function Neighbours({ day }: { readonly day: Day }) {
  const [search] = useSearchState();
  const shared = {
    component: Link,
    to: '/days/$day',
    search: keepScope(search) as never,
    size: 'xs',
    variant: 'default',
  } as const;
  const [before, after] = [addDays(day, -1), addDays(day, 1)];
  return (
    <>
      <Button
        {...shared}
        params={{ day: before } as never}
        leftSection={<IconChevronLeft size={16} aria-hidden />}
      >
        {formatDay(before)}
      </Button>
      <Button
        {...shared}
        params={{ day: after } as never}
        rightSection={<IconChevronRight size={16} aria-hidden />}
      >
        {formatDay(after)}
      </Button>
    </>
  );
}
