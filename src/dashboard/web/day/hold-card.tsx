import { Group, List, Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { formatInstant } from '../format/locale.ts';
import { Decide } from '../writes/decide.tsx';

type Hold = NonNullable<Answer<'day'>['hold']>;

/** What a held day waits for, and the decision. */
export function HoldCard({ day, hold }: { readonly day: string; readonly hold: Hold }) {
  return (
    <Card
      title="Waits for a decision"
      about={`Until ${formatInstant(hold.until)} UTC; if nobody has decided by then, the run fails.`}
    >
      <Text size="sm">What does not hold:</Text>
      <List size="sm" my="xs">
        {hold.failed.map((check) => (
          <List.Item key={check}>{check}</List.Item>
        ))}
      </List>
      <Group gap="xs">
        <Decide verdict="approved" day={day} subject={hold.subject} />
        <Decide verdict="rejected" day={day} subject={hold.subject} />
      </Group>
    </Card>
  );
}
