import type { Answer } from '../../api/routes.ts';
import { PlotCard } from '../charts/plot-card.tsx';
import { seriesOf } from '../charts/series-of.ts';
import { formatNumber, formatSeconds } from '../format/number.ts';

type Bin = Answer<'engagement'>['sessionLengths'][number];

/** How many sessions are how long. */
export function SessionLengths({ lengths }: { readonly lengths: readonly Bin[] }) {
  const all = lengths.reduce((sum, { sessions }) => sum + sessions, 0);
  return (
    <PlotCard
      title="Session lengths"
      about="Sessions of the range by how long they lasted, from the first event to the last."
      metrics={['sessions']}
      file="session-lengths"
      axis={{ label: 'Length', kind: 'text' }}
      points={lengths.map((bin) => ({
        key: nameBin(bin),
        tick: nameBin(bin),
        label: nameBin(bin),
        note: `${formatNumber(all === 0 ? null : bin.sessions / all, 'rate', '')} of sessions`,
        values: { sessions: all === 0 ? null : bin.sessions },
      }))}
      series={seriesOf(['sessions'])}
      shape="bars"
      kind="count"
      empty="There is no session in these days."
    />
  );
}

function nameBin({ from_s, to_s }: Bin): string {
  if (to_s === null) return `≥ ${formatSeconds(from_s)}`;
  return from_s === 0 ? `< ${formatSeconds(to_s)}` : `${formatSeconds(from_s)} – ${formatSeconds(to_s)}`;
}
