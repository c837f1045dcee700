import { Select, Table, Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import type { DataColumn, DataRow } from '../cards/data-table.tsx';
import { formatNumber } from '../format/number.ts';
import { dimensionNames, dimensions } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { tellMaturity } from './conversion-funnel.tsx';

type Group = Answer<'funnels'>['groups'][number];

const columns: readonly DataColumn[] = [
  { key: 'value', label: 'Value', kind: 'text' },
  { key: 'step', label: 'Place', kind: 'count' },
  { key: 'name', label: 'Step', kind: 'text' },
  { key: 'players', label: 'Players', kind: 'count' },
  { key: 'rate_of_entered', label: 'Of who entered', kind: 'rate' },
  { key: 'rate_of_previous', label: 'Of the step before', kind: 'rate' },
  { key: 'seconds_from_entry_p50', label: 'Time from entry, median', kind: 'seconds' },
];

/** The conversion funnel for each value of a dimension, which the URL names. */
export function Breakdown({ data }: { readonly data: Answer<'funnels'> }) {
  const { by, groups } = data;
  const [search, change] = useSearchState();
  return (
    <Card
      title="Breakdown"
      about="The conversion funnel by who the players are: the values with the most players, twelve at most."
      metrics={['rate_of_entered']}
      actions={
        <DataActions
          title="Breakdown"
          file={`conversion-funnel-by-${by ?? 'none'}`}
          columns={columns}
          rows={rowsOf(groups)}
        />
      }
    >
      <Select
        label="Break down by"
        placeholder="Nothing"
        data={dimensions.map((value) => ({ value, label: dimensionNames[value] }))}
        value={search.by ?? null}
        onChange={(value) => change({ by: value ?? undefined })}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear Break down by' }}
        maw={260}
        mb="sm"
      />
      {by === null ? (
        <Text size="sm" c="dimmed">
          Choose what to tell players apart by.
        </Text>
      ) : groups.length === 0 ? (
        <Text size="sm">{tellMaturity(data)}</Text>
      ) : (
        <GroupTable label={dimensionNames[by]} groups={groups} />
      )}
    </Card>
  );
}

const nameGroup = (value: string | null) => value ?? 'Not known';

function rowsOf(groups: readonly Group[]): DataRow[] {
  return groups.flatMap(({ value, steps }) => steps.map((step) => ({ value: nameGroup(value), ...step })));
}

function GroupTable({ label, groups }: { readonly label: string; readonly groups: readonly Group[] }) {
  const caption = `Conversion funnel by ${label.toLowerCase()}: share of who entered, and players`;
  return (
    <section className="table-scroll" aria-label={caption} tabIndex={0}>
      <Table striped verticalSpacing={6}>
        <Table.Caption className="visually-hidden">{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{label}</Table.Th>
            {groups[0]?.steps.map(({ step, name }) => (
              <Table.Th key={step} scope="col" className="number">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ value, steps }) => (
            <Table.Tr key={nameGroup(value)}>
              <Table.Th scope="row">{nameGroup(value)}</Table.Th>
              {steps.map(({ step, players, rate_of_entered }) => (
                <Table.Td key={step} className="number">
                  {formatNumber(rate_of_entered, 'rate', '')}{' '}
                  <Text size="xs" c="dimmed" component="span" display="block">
                    {formatNumber(players, 'count', '')} players
                  </Text>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
