import { MultiSelect, SimpleGrid, Skeleton } from '@mantine/core';
import { Suspense } from 'react';
import { useRead } from '../api/use-read.ts';
import { lazily } from '../shell/lazily.ts';
import { dimensionNames, dimensions, valuesOf } from './search.ts';
import { useSearchState } from './use-scope.ts';

const DaysPicker = lazily(() => import('./days-picker.tsx'), 'DaysPicker');

/** Which players a page is about: those that have one of the values of each filter. */
export function PlayerFilters() {
  const [search, change] = useSearchState();
  const { data } = useRead('choices', {});
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm" mt="sm">
      {dimensions.map((dimension) => (
        <MultiSelect
          key={dimension}
          label={dimensionNames[dimension]}
          placeholder={valuesOf(search, dimension).length === 0 ? 'All' : ''}
          data={[...new Set([...(data?.[dimension] ?? []), ...valuesOf(search, dimension)])]}
          value={valuesOf(search, dimension)}
          onChange={(values) => change({ [dimension]: values.length === 0 ? undefined : values.join(',') })}
          clearable
          searchable
          hidePickedOptions
          styles={{ inputField: { minWidth: 24 } }}
          nothingFoundMessage="No such value"
          clearButtonProps={{ 'aria-label': `Clear ${dimensionNames[dimension]}` }}
        />
      ))}
      <Suspense fallback={<Skeleton height={60} />}>
        <DaysPicker
          label="Acquired"
          placeholder="Any day"
          from={search.acquiredFrom}
          to={search.acquiredTo}
          least={data?.acquiredFrom ?? null}
          most={data?.acquiredTo ?? null}
          onChange={(acquiredFrom, acquiredTo) => change({ acquiredFrom, acquiredTo })}
        />
      </Suspense>
    </SimpleGrid>
  );
}
