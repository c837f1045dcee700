import { Button, Group, Switch } from '@mantine/core';
import { IconFilter, IconFilterOff } from '@tabler/icons-react';
import { useState } from 'react';
import { PlayerFilters } from './player-filters.tsx';
import { RangePicker } from './range-picker.tsx';
import { compares } from './resolve-scope.ts';
import { dimensions } from './search.ts';
import { useSearchState } from './use-scope.ts';

/** Days and players that a page is about; everything stands in the URL. */
export function ScopeBar({ canCompare = false, canFilter = true }: ScopeBarProps) {
  const [search, change] = useSearchState();
  const chosen = [...dimensions, 'acquiredFrom' as const, 'acquiredTo' as const].filter(
    (key) => search[key] !== undefined,
  );
  const [isOpen, setOpen] = useState(chosen.length > 0);
  const clear = () => change(Object.fromEntries(chosen.map((key) => [key, undefined])));
  return (
    <section aria-label="Days and players">
      <Group gap="sm" align="center">
        <RangePicker />
        <Switch
          label="Incomplete days too"
          checked={search.incomplete === 'true'}
          disabled={search.from !== undefined}
          onChange={(event) => change({ incomplete: event.currentTarget.checked ? 'true' : undefined })}
        />
        {canCompare ? (
          <Switch
            label="Compare with the period before"
            checked={compares(search)}
            onChange={(event) => change({ compare: event.currentTarget.checked ? undefined : 'none' })}
          />
        ) : null}
        {canFilter ? (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconFilter size={16} aria-hidden />}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {chosen.length === 0 ? 'Filter players' : `Filters: ${chosen.length}`}
          </Button>
        ) : null}
        {canFilter && chosen.length > 0 ? (
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconFilterOff size={16} aria-hidden />}
            onClick={clear}
          >
            All players
          </Button>
        ) : null}
      </Group>
      {canFilter && isOpen ? <PlayerFilters /> : null}
    </section>
  );
}

/** What a page can be asked. */
export interface ScopeBarProps {
  readonly canCompare?: boolean;
  readonly canFilter?: boolean;
}
