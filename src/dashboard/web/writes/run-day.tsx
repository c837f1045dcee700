import { Text, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDay } from '../format/locale.ts';
import { RunLink } from '../health/run-link.tsx';
import { useWrite } from './use-write.ts';
import { WriteButton } from './write-button.tsx';
import { WriteForm } from './write-form.tsx';

/** Runs a day, or joins its run. */
export function RunDay({ label, day }: RunDayProps) {
  return (
    <WriteButton label={label} icon={<IconPlayerPlay size={16} aria-hidden />}>
      {(close) => <RunDayForm first={day} onClose={close} />}
    </WriteButton>
  );
}

/** What is offered. */
export interface RunDayProps {
  readonly label: string;
  /** The day that stands there first. */
  readonly day: string;
}

function RunDayForm({ first, onClose }: { readonly first: string; readonly onClose: () => void }) {
  const [day, setDay] = useState(first);
  const writing = useWrite('run');
  const name = day === '' ? '' : formatDay(day);
  return (
    <WriteForm
      {...{ writing, onClose }}
      body={{ day }}
      action="Run it"
      follows={
        <Text size="sm">
          What has landed for {name} is read and checked. If it passes, the tables are published anew with it;
          if not, what is published stays. A run that is under way is joined. When nothing has changed since
          it was published, nothing is made again.
        </Text>
      }
      renderResult={({ link }) => (
        <Text size="sm">
          {name} is being run: <RunLink href={link} of={name} />
        </Text>
      )}
    >
      <TextInput
        type="date"
        label="Day"
        description="An arrival day, UTC"
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
        required
        data-autofocus
      />
    </WriteForm>
  );
}
