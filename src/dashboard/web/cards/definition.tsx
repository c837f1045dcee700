import { ActionIcon, Popover, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useRead } from '../api/use-read.ts';
import { nameMetric } from '../format/metric-names.ts';

/** A button that tells what metrics mean, as the tables declare them. */
export function Definition({ title, metrics, note }: DefinitionProps) {
  return (
    <Popover width={320} withArrow shadow="md" position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Definition: ${title}`}>
          <IconInfoCircle size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Definition: ${title}`} tabIndex={-1}>
        <Stack gap="xs">
          {metrics.map((metric) => (
            <MetricDefinition key={metric} metric={metric} />
          ))}
          {note === undefined ? null : <Text size="sm">{note}</Text>}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What it tells about: metrics by the names of their columns. */
export interface DefinitionProps {
  readonly title: string;
  readonly metrics: readonly string[];
  readonly note?: string | undefined;
}

function MetricDefinition({ metric }: { readonly metric: string }) {
  const { data } = useRead('definitions', {});
  const found = data?.metrics[metric];
  if (found === undefined) return null;
  const { definition, unit, nullWhen } = found;
  const currency = unit === 'base currency' ? `base currency, ${data?.baseCurrency}` : unit;
  return (
    <div>
      <Text size="sm" fw={600}>
        {nameMetric(metric).label}
      </Text>
      <Text size="sm">{definition.replaceAll('`', '')}</Text>
      {currency === null ? null : <Text size="xs">In {currency}.</Text>}
      {nullWhen === null ? null : <Text size="xs">Not known when {nullWhen.replaceAll('`', '')}.</Text>}
    </div>
  );
}
