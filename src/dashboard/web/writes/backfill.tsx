import { Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { IconCalendarRepeat } from '@tabler/icons-react';
import { useState } from 'react';
import { type DayChoice, dayChoices } from '../../../domain/day-choice.ts';
import { formatDay } from '../format/locale.ts';
import { RunLink } from '../health/run-link.tsx';
import { useWrite } from './use-write.ts';
import { WriteButton } from './write-button.tsx';
import { WriteForm } from './write-form.tsx';

const choices: Readonly<Record<DayChoice, { readonly label: string; readonly which: string }>> = {
  all: { label: 'All days', which: 'Every day' },
  missing: { label: 'Never published', which: 'Every day that was never published' },
  failed: { label: 'Failed', which: 'Every day whose last run failed' },
  changed: {
    label: 'Changed',
    which: 'Every day whose raw data or rules are other than those it was published from',
  },
};

/** Runs a range of days. */
export function Backfill({ from, to }: BackfillProps) {
  return (
    <WriteButton label="Backfill a range" icon={<IconCalendarRepeat size={16} aria-hidden />}>
      {(close) => <BackfillForm from={from} to={to} onClose={close} />}
    </WriteButton>
  );
}

/** The range that stands there first. */
export interface BackfillProps {
  readonly from: string;
  readonly to: string;
}

function BackfillForm({ from, to, onClose }: BackfillProps & { readonly onClose: () => void }) {
  const [range, setRange] = useState({
    from,
    to,
  });
  const [only, setOnly] = useState<DayChoice>('all');
  const writing = useWrite('backfill');
  const dates = { type: 'date', required: true, flex: 1 };
  const name = [range.from, range.to].map((day) => (day === '' ? '' : formatDay(day))).join(' – ');
  return (
    <WriteForm
      {...{ writing, onClose }}
      body={{ ...range, only }}
      action="Start the backfill"
      follows={
        <Text size="sm">
          {choices[only].which} of {name} is read and checked, a month at a time. The days of a month that
          pass are published together; days that fail or are held stay as they were published before. Until
          then the pages show what is published.
        </Text>
      }
      renderResult={({ link }) => (
        <Text size="sm">
          The backfill of {name} has started: <RunLink href={link} of={name} />
        </Text>
      )}
    >
      <Stack>
        <Group align="flex-start" gap="sm">
          <TextInput
            {...dates}
            label="First day"
            value={range.from}
            onChange={(event) => setRange({ ...range, from: event.currentTarget.value })}
            data-autofocus
          />
          <TextInput
            {...dates}
            label="Last day"
            min={range.from}
            value={range.to}
            onChange={(event) => setRange({ ...range, to: event.currentTarget.value })}
          />
        </Group>
        <Radio.Group label="Which days of it" value={only} onChange={(value) => setOnly(value)}>
          <Group gap="md" mt={4}>
            {dayChoices.map((choice) => (
              <Radio key={choice} value={choice} label={choices[choice].label} />
            ))}
          </Group>
        </Radio.Group>
      </Stack>
    </WriteForm>
  );
}
