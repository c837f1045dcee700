import { Alert, Button, Stack, Text, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import type { Answer, Written } from '../../api/routes.ts';
import { formatDay } from '../format/locale.ts';
import { nameReason } from '../health/reason-names.ts';
import { RunLink } from '../health/run-link.tsx';
import { useWrite } from './use-write.ts';
import { WriteButton } from './write-button.tsx';
import { WriteForm } from './write-form.tsx';

/** Mends a rejected line: tells what would become of it, and lands it in the place of the one that came. */
export function MendLine(props: MendLineProps) {
  const { line } = props.line;
  return (
    <WriteButton
      label="Edit"
      title={`Mend line ${line} of ${props.line.object}`}
      icon={<IconPencil size={16} aria-hidden />}
    >
      {(close) => <MendForm {...props} onClose={close} />}
    </WriteButton>
  );
}

/** The line that is mended. */
export interface MendLineProps {
  readonly day: string;
  readonly line: Answer<'quarantine'>['lines'][number];
}

function MendForm({ day, line, onClose }: MendLineProps & { readonly onClose: () => void }) {
  const [raw, setRaw] = useState(line.raw);
  const [tried, setTried] = useState<string | null>(null);
  const writing = useWrite('replay', { day });
  const { object, line: number, offset } = line;
  const body = { lines: [JSON.stringify({ from: { object, line: number, offset }, raw })] };
  return (
    <WriteForm
      {...{ writing, body, onClose }}
      action="Replay"
      follows={
        <Text size="sm">
          The mended line is landed as a raw object of its own in the place of line {number} of {object},
          which is superseded, and {formatDay(day)} is run again. If it passes its checks, the tables are
          published with the line.
        </Text>
      }
      renderResult={(result) => (result.run === null ? null : <Landed day={day} result={result} />)}
      extra={
        <Button
          variant="default"
          loading={writing.isSending}
          onClick={() => {
            setTried(raw);
            writing.send({ ...body, dryRun: true });
          }}
        >
          Try
        </Button>
      }
    >
      <Stack gap="sm">
        <Textarea
          label="The line as it should be"
          description={`It was rejected: ${nameReason(line.reason)}${line.detail === null ? '' : `, ${line.detail}`}`}
          value={raw}
          onChange={(event) => setRaw(event.currentTarget.value)}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          classNames={{ input: 'raw-input' }}
          required
          data-autofocus
        />
        <output>{tried === raw ? <Outcome result={writing.result} /> : null}</output>
      </Stack>
    </WriteForm>
  );
}

/** What would become of the line as it was tried. */
function Outcome({ result }: { readonly result: Written<'replay'> | undefined }) {
  const [outcome] = result?.outcomes ?? [];
  if (outcome === undefined) return null;
  const { reason, detail } = outcome;
  const isAccepted = reason === null;
  return (
    <Alert
      role="none"
      variant="light"
      color={isAccepted ? 'green' : 'orange'}
      title={isAccepted ? 'It would be accepted' : 'It would be rejected again'}
    >
      <Text size="sm" className="message">
        {isAccepted ? 'Nothing was landed: this was a try.' : `${nameReason(reason)}: ${detail}`}
      </Text>
    </Alert>
  );
}

function Landed({
  day,
  result: { state, object, run },
}: {
  readonly day: string;
  readonly result: Written<'replay'>;
}) {
  return (
    <Text size="sm" className="message">
      {state === 'landed' ? `Landed as ${object}.` : `This very line was landed before, as ${object}.`}{' '}
      {formatDay(day)} is being run: <RunLink href={run?.link ?? null} of={formatDay(day)} />
    </Text>
  );
}
