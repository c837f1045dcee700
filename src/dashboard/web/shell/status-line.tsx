import { Anchor, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/routes.ts';
import { showNewest, useShown, useStatus } from '../api/use-read.ts';
import { formatDay, formatInstant } from '../format/locale.ts';

/** How far the numbers go, who made them and whether they can be trusted; offers newer data and never shows it unasked. */
export function StatusLine() {
  const shown = useShown();
  const status = useStatus();
  const now = status.data ?? shown.data;
  if (shown.data === undefined || now === undefined) return <div className="status-line" />;
  const isNewer = now.snapshot !== shown.data.snapshot && !shown.isFetching;
  return (
    <div className="status-line">
      <div className="status-text">
        <State shown={shown.data} now={now} lost={status.error !== null || shown.error !== null} />
      </div>
      {isNewer ? (
        <Button
          size="compact-sm"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => void showNewest()}
        >
          Newer data{now.committedAt === null ? '' : `, published ${formatInstant(now.committedAt)}`}: show it
        </Button>
      ) : null}
      <div role="status" className="visually-hidden">
        {isNewer ? 'Newer data is published. A button in the status line shows it.' : ''}
      </div>
    </div>
  );
}

interface StateProps {
  /** What the page goes by. */
  readonly shown: Answer<'status'>;
  readonly now: Answer<'status'>;
  /** Whether the server has stopped answering. */
  readonly lost: boolean;
}

function State({ shown, now, lost }: StateProps) {
  const { dataThrough, committedAt, checks, run, stale } = shown;
  if (dataThrough === null) return <Text size="sm">No day is published yet.</Text>;
  const isRed = now.newest?.state === 'failed';
  const isAmber =
    stale || now.newest?.state === 'held' || (checks !== null && checks.passed < checks.measured);
  const Icon = isRed ? IconCircleX : isAmber ? IconAlertTriangle : IconCircleCheck;
  const color = isRed ? 'var(--bad)' : isAmber ? 'var(--warn)' : 'var(--good)';
  return (
    <>
      <Text size="sm">
        <Icon size={18} color={color} aria-hidden className="status-icon" /> Data through{' '}
        {formatDay(dataThrough)} (UTC)
        {committedAt === null ? null : <> · published {formatInstant(committedAt)}</>}
        {run === null ? null : (
          <>
            {' · '}
            <Anchor href={run} target="_blank" rel="noreferrer" size="sm" underline="always">
              run ↗
            </Anchor>
          </>
        )}
        {checks === null ? null : (
          <>
            {' · '}
            <Link className="cell-link" to="/days/$day" params={{ day: dataThrough }}>
              {checks.passed}/{checks.measured} checks
            </Link>
          </>
        )}
        {stale ? ' · no newer complete day' : null}
      </Text>
      {now.newest === null ? null : <Newest newest={now.newest} />}
      {lost ? (
        <Text size="sm" c="var(--bad)" role="alert">
          The server does not answer; trying again. The numbers shown are those it gave last.
        </Text>
      ) : null}
    </>
  );
}

function Newest({ newest: { day, state } }: { readonly newest: NonNullable<Answer<'status'>['newest']> }) {
  const link = (
    <Link className="cell-link" to="/days/$day" params={{ day }}>
      {formatDay(day)}
    </Link>
  );
  if (state === 'running') return <Text size="sm">· {link} is being worked on</Text>;
  const color = state === 'failed' ? 'var(--bad)' : 'var(--warn)';
  return (
    <Text size="sm" c={color} fw={600}>
      · {link} {state === 'failed' ? 'failed' : 'waits for a decision'}; the last good numbers are shown
    </Text>
  );
}
