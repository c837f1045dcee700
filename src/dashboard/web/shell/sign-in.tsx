import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { RequestError } from '../api/request.ts';
import { keepToken, readToken } from '../api/token.ts';
import { showNewest, useShown } from '../api/use-read.ts';

/** Asks for the token where the server wants one to be read. */
export function SignIn() {
  const { error } = useShown();
  const [token, setToken] = useState('');
  const isAsked = error instanceof RequestError && error.status === 401;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keepToken(token.trim());
    void showNewest();
  };
  return (
    <Modal opened={isAsked} onClose={() => {}} withCloseButton={false} title="Sign in">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            This dashboard is read with a token. Who runs it has set it as dashboard.token
            (QUESTLINE_DASHBOARD_TOKEN). It is kept until this tab is closed.
          </Text>
          <PasswordInput
            label="Token"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={readToken() === null || error === null ? null : error.message}
            autoComplete="current-password"
            data-autofocus
            required
          />
          <Button type="submit">Sign in</Button>
        </Stack>
      </form>
    </Modal>
  );
}
