import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Definition } from './definition.tsx';

/** A part of a page: a heading, a sentence that says what it shows, what can be done with it, and the thing itself. */
export function Card({ title, about, metrics, note, actions, children }: CardProps) {
  const heading = useId();
  return (
    <section className="card" aria-labelledby={heading}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs" mb="sm">
        <div>
          <Group gap={4} wrap="nowrap">
            <Title order={2} id={heading}>
              {title}
            </Title>
            {metrics === undefined || metrics.length === 0 ? null : (
              <Definition title={title} metrics={metrics} note={note} />
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </div>
        {actions === undefined ? null : (
          <Group gap={4} wrap="nowrap">
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </section>
  );
}

/** What a card is made of. */
export interface CardProps {
  readonly title: string;
  /** One sentence. */
  readonly about: string;
  /** Columns whose definitions the card tells. */
  readonly metrics?: readonly string[];
  readonly note?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}
