import { Alert, Button, Code, Group, Select, Skeleton, Text, Title } from '@mantine/core';
import { type AsideReason, asideReasons } from '../../../domain/kept-line.ts';
import type { Answer } from '../../api/routes.ts';
import { useRead } from '../api/use-read.ts';
import { formatNumber } from '../format/number.ts';
import { makeVisible } from '../format/visible-text.ts';
import { nameReason } from '../health/reason-names.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { Failure } from '../shell/page.tsx';
import { MendLine } from '../writes/mend-line.tsx';

const FEW = '50';
const limits = [FEW, '200', '500'];

type Line = Answer<'quarantine'>['lines'][number];

/** Lines of a day's quarantine, of the reason and object in the URL; a rejected one can be mended. */
export function BrowsedLines({ day, groups }: BrowsedLinesProps) {
  const [search, change] = useSearchState();
  const { reason, object, limit = FEW } = search;
  const query = {
    ...(reason === undefined ? {} : { reason: reason as AsideReason }),
    ...(object === undefined ? {} : { object }),
    limit: Number(limit),
  };
  const { data, error, refetch } = useRead('quarantine', query, { day });
  const choose = (key: 'reason' | 'object' | 'limit') => (value: string | null) =>
    change({ [key]: value ?? undefined });
  const objects = [
    ...new Set([...groups.map((group) => group.object), ...(object === undefined ? [] : [object])]),
  ];
  return (
    <section aria-label="Browsed lines">
      <Group gap="sm" align="flex-end" my="sm">
        <Select
          label="Reason"
          placeholder="Any"
          data={asideReasons.map((value) => ({ value, label: nameReason(value) }))}
          value={reason ?? null}
          onChange={choose('reason')}
          clearable
          w={{ base: '100%', xs: 280 }}
        />
        <Select
          label="Raw object"
          placeholder="Any"
          data={objects}
          value={object ?? null}
          onChange={choose('object')}
          clearable
          w={{ base: '100%', sm: 420 }}
        />
        <Select
          label="At most"
          data={limits}
          value={limit}
          onChange={choose('limit')}
          allowDeselect={false}
          w={96}
        />
        <Button
          variant="subtle"
          onClick={() => change({ reason: undefined, object: undefined, limit: undefined })}
        >
          Close the lines
        </Button>
      </Group>
      {error === null ? null : <Failure error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Skeleton height={240} />
        ) : null
      ) : (
        <Lines day={day} lines={data.lines} isFull={data.lines.length >= Number(limit)} />
      )}
    </section>
  );
}

/** What is browsed. */
export interface BrowsedLinesProps {
  readonly day: string;
  readonly groups: Answer<'day'>['quarantine'];
}

function Lines({
  day,
  lines,
  isFull,
}: {
  readonly day: string;
  readonly lines: readonly Line[];
  readonly isFull: boolean;
}) {
  const count = formatNumber(lines.length, 'count', '');
  return (
    <>
      <output>
        <Title order={3} size="sm">
          {isFull ? `The first ${count} lines` : lines.length === 1 ? '1 line' : `${count} lines`}
        </Title>
      </output>
      <ul className="raw-lines">
        {lines.map((line) => (
          <li key={`${line.object}:${line.line}`}>
            <LineText day={day} line={line} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LineText({ day, line }: { readonly day: string; readonly line: Line }) {
  const { object, line: number, reason, detail, raw, cut } = line;
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text size="sm" className="message">
          <strong>{nameReason(reason)}</strong>
          {detail === null ? '' : `: ${makeVisible(detail)}`}
          <br />
          <span className="place">
            {object}, line {formatNumber(number, 'count', '')}
          </span>
        </Text>
        {reason === 'superseded' || cut ? null : <MendLine day={day} line={line} />}
      </Group>
      <Code block className="raw-text" tabIndex={0}>
        {makeVisible(raw)}
      </Code>
      {cut ? (
        <Alert color="gray" variant="light" p="xs">
          <Text size="sm">
            Only its beginning is shown, so it can’t be mended here. Take it out with npx questline quarantine
            show {day} --format ndjson, and land it with npx questline quarantine replay.
          </Text>
        </Alert>
      ) : null}
    </>
  );
}
