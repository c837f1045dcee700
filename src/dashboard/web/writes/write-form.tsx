import { Alert, Button, Code, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Body, Write, Written } from '../../api/routes.ts';
import { RequestError } from '../api/request.ts';
import type { Writing } from './use-write.ts';

/** A form in two steps: what is wanted, then what follows from it; at the end it says what was done. */
export function WriteForm<W extends Write>(props: WriteFormProps<W>) {
  const { writing, body, action, color = 'blue', follows, renderResult, onClose, extra, children } = props;
  const [isSure, setSure] = useState(false);
  const { send, isSending, result } = writing;
  const told = result === undefined ? null : renderResult(result);
  if (told !== null) return <Done onClose={onClose}>{told}</Done>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSure) send(body);
    else setSure(true);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {isSure ? <Follows>{follows}</Follows> : children}
        <TokenField writing={writing} />
        <Problem error={writing.error} />
        <Group justify="flex-end" gap="xs">
          {isSure ? (
            <Button variant="default" onClick={() => setSure(false)}>
              Back
            </Button>
          ) : (
            extra
          )}
          <Button type="submit" color={isSure ? color : 'blue'} loading={isSending && isSure}>
            {isSure ? action : 'Continue'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What a form is made of. */
export interface WriteFormProps<W extends Write> {
  readonly writing: Writing<W>;
  readonly body: Body<W>;
  /** Says on the last button what it does. */
  readonly action: string;
  readonly color?: string;
  /** What follows when it is sent. */
  readonly follows: ReactNode;
  /** Says what was done; null when the form stays as it is. */
  readonly renderResult: (result: Written<W>) => ReactNode;
  readonly onClose: () => void;
  /** A further button of the first step. */
  readonly extra?: ReactNode;
  /** The fields. */
  readonly children: ReactNode;
}

/** Takes the focus when it comes into view, so that it is read. */
function useFocus<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  useEffect(() => ref.current?.focus(), []);
  return ref;
}

function Follows({ children }: { readonly children: ReactNode }) {
  const ref = useFocus<HTMLElement>();
  return (
    <section ref={ref} tabIndex={-1} aria-label="What follows" className="follows">
      <Alert role="none" variant="light" title="What follows">
        {children}
      </Alert>
    </section>
  );
}

function Done({ children, onClose }: { readonly children: ReactNode; readonly onClose: () => void }) {
  const ref = useFocus<HTMLOutputElement>();
  return (
    <Stack>
      <output ref={ref} tabIndex={-1} className="follows">
        <Alert role="none" color="green" variant="light" title="Done">
          {children}
        </Alert>
      </output>
      <Group justify="flex-end">
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  );
}

function TokenField<W extends Write>({
  writing: { asksToken, token, setToken, error },
}: {
  readonly writing: Writing<W>;
}) {
  if (!asksToken) return null;
  return (
    <PasswordInput
      label="Write token"
      description={
        <>
          Found in <Code>.questline/dashboard-write-token</Code> where <Code>npm start</Code> runs, else it is
          what <Code>dashboard.writeToken</Code> is set to. Kept until this tab is closed.
        </>
      }
      value={token}
      onChange={(event) => setToken(event.currentTarget.value)}
      error={error instanceof RequestError && error.status === 401 ? error.message : null}
      autoComplete="off"
      required
    />
  );
}

/** Why it was not done; a refused token is told at its field. */
function Problem({ error }: { readonly error: Error | null }) {
  if (error === null || (error instanceof RequestError && error.status === 401)) return null;
  return (
    <Alert color="red" variant="light" title="This was not done" role="alert">
      <Text size="sm" className="message">
        {error.message}
      </Text>
    </Alert>
  );
}
