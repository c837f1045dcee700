import { Box, SegmentedControl, Skeleton } from '@mantine/core';
import { Suspense } from 'react';
import { useShown } from '../api/use-read.ts';
import { lazily } from '../shell/lazily.ts';
import { presets } from './search.ts';
import { useScope, useSearchState } from './use-scope.ts';

const DaysPicker = lazily(() => import('./days-picker.tsx'), 'DaysPicker');
const CUSTOM = 'custom';

const presetNames = Object.entries(presets).map(([value, days]) => ({ value, label: `${days} days` }));

/** Which days a page is about: the last complete ones, or any first and last. */
export function RangePicker() {
  const [search, change] = useSearchState();
  const resolved = useScope();
  const { data } = useShown();
  const isCustom = search.from !== undefined || search.to !== undefined;
  const choose = (value: string) => {
    if (value !== CUSTOM)
      change({ range: value === '28d' ? undefined : value, from: undefined, to: undefined });
    else if (resolved?.scope != null)
      change({ range: undefined, incomplete: undefined, from: resolved.scope.from, to: resolved.scope.to });
  };
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Range"
        data={[...presetNames, { value: CUSTOM, label: 'Custom' }]}
        value={isCustom ? CUSTOM : (search.range ?? '28d')}
        onChange={choose}
      />
      {isCustom ? (
        <Box w={{ base: '100%', xs: 280 }}>
          <Suspense fallback={<Skeleton height={60} />}>
            <DaysPicker
              label="First and last day"
              placeholder="Choose days"
              from={search.from}
              to={search.to}
              least={null}
              most={data?.lastDay ?? null}
              onChange={(from, to) => change({ from, to })}
            />
          </Suspense>
        </Box>
      ) : null}
    </>
  );
}
