import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useShown } from '../api/use-read.ts';
import { type ResolvedScope, resolveScope } from './resolve-scope.ts';
import { readSearch, type Search, type SearchChange } from './search.ts';

const root = getRouteApi('__root__');

/** The state in the URL, and what changes a part of it; a change is a step that "back" takes back. */
export function useSearchState(): readonly [Search, (change: SearchChange) => void] {
  const search = readSearch(root.useSearch());
  const navigate = useNavigate();
  return [
    search,
    (change) => {
      void navigate({
        to: '.',
        search: (before: Search) => readSearch({ ...before, ...change }),
        resetScroll: false,
      });
    },
  ];
}

/** What the page is asked for; null while the status is not known, from which presets get their days. */
export function useScope(): ResolvedScope | null {
  const [search] = useSearchState();
  const { data } = useShown();
  return data === undefined ? null : resolveScope(search, data);
}
