import { Text, Textarea, TextInput } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDay, formatInstant } from '../format/locale.ts';
import { useWrite } from './use-write.ts';
import { WriteButton } from './write-button.tsx';
import { WriteForm } from './write-form.tsx';

const verdicts = {
  approved: {
    label: 'Approve',
    color: 'green',
    icon: IconCheck,
    follows: (day: string) =>
      `The run of ${day} goes on and publishes it as it is: its lines count in every number. Your name, the reason and the time stand in its quality report.`,
  },
  rejected: {
    label: 'Reject',
    color: 'red',
    icon: IconX,
    follows: (day: string) =>
      `The run of ${day} fails, and what was published before stays. Your name, the reason and the time stand in its quality report. Mend or replace the raw data and run the day again.`,
  },
} as const;

/** Approves or rejects a held day. */
export function Decide(props: DecideProps) {
  const { label, icon: Icon, color } = verdicts[props.verdict];
  const isFilled = props.verdict === 'approved';
  return (
    <WriteButton
      label={label}
      title={`${label} ${formatDay(props.day)}`}
      icon={<Icon size={16} aria-hidden />}
      {...(isFilled ? { color, variant: 'filled' as const } : {})}
    >
      {(close) => <DecideForm {...props} onClose={close} />}
    </WriteButton>
  );
}

/** What is decided about. */
export interface DecideProps {
  readonly verdict: keyof typeof verdicts;
  readonly day: string;
  /** Sent back, so that the decision is about what was seen. */
  readonly subject: string;
}

function DecideForm({ verdict, day, subject, onClose }: DecideProps & { readonly onClose: () => void }) {
  const [by, setBy] = useState('');
  const [why, setWhy] = useState('');
  const { label, color, follows } = verdicts[verdict];
  const writing = useWrite('decide', { day });
  return (
    <WriteForm
      {...{ writing, color, onClose }}
      body={{ verdict, by, why, subject }}
      action={label}
      follows={<Text size="sm">{follows(formatDay(day))}</Text>}
      renderResult={(decided) => (
        <Text size="sm">
          {formatDay(day)} was {decided.verdict} by {decided.by}, {formatInstant(decided.at)} UTC.
        </Text>
      )}
    >
      <TextInput
        label="Your name"
        value={by}
        onChange={(event) => setBy(event.currentTarget.value)}
        maxLength={200}
        required
        data-autofocus
      />
      <Textarea
        label="Reason"
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        maxLength={2000}
        autosize
        minRows={2}
        required
      />
    </WriteForm>
  );
}
