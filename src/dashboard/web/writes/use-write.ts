import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Body, Write, Written } from '../../api/routes.ts';
import { type PathParams, RequestError, write } from '../api/request.ts';
import { keepToken, readToken } from '../api/token.ts';
import { askLive } from '../api/use-read.ts';

/** A change that can be sent, with the token that it needs. */
export interface Writing<W extends Write> {
  readonly send: (body: Body<W>) => void;
  readonly isSending: boolean;
  readonly result: Written<W> | undefined;
  readonly error: Error | null;
  /** Whether the write token has to be given: none is kept, or the one that is was refused. */
  readonly asksToken: boolean;
  readonly token: string;
  readonly setToken: (token: string) => void;
}

/** Sends a change to the server; a token that it takes is kept until the tab is closed. */
export function useWrite<W extends Write>(name: W, params: PathParams = {}): Writing<W> {
  const [token, setToken] = useState('');
  const [asksToken, setAsksToken] = useState(() => readToken() === null);
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: async (body: Body<W>) => {
      const given = asksToken ? token.trim() : readToken();
      const written = await write(name, body, params, given);
      keepToken(given);
      return written;
    },
    onSuccess: () => {
      setAsksToken(false);
      void askLive();
    },
    onError: (problem) => {
      if (problem instanceof RequestError && [401, 403].includes(problem.status)) setAsksToken(true);
    },
  });
  return { send: mutate, isSending: isPending, result: data, error, asksToken, token, setToken };
}
