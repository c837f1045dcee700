const KEY = 'questline-token';

/** The token of this tab: of who signed in, or gave the write token; null when neither was asked for. */
export function readToken(): string | null {
  return import.meta.env.SSR ? null : sessionStorage.getItem(KEY);
}

/** Keeps a token until the tab is closed; null forgets it. */
export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}
