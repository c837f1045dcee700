import type { Dimension } from '../../api/scope.ts';
import { useRead } from '../api/use-read.ts';
import { Breakdown } from '../funnels/breakdown.tsx';
import { ConversionFunnel } from '../funnels/conversion-funnel.tsx';
import { LevelFunnel } from '../funnels/level-funnel.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { useScope, useSearchState } from '../scope/use-scope.ts';
import { Page } from '../shell/page.tsx';

/** Where players drop. */
export function FunnelsPage() {
  const resolved = useScope();
  const [{ by }] = useSearchState();
  const { compare: _, ...scope } = resolved?.scope ?? { from: '', to: '' };
  const query =
    resolved?.scope == null ? null : { ...scope, ...(by === undefined ? {} : { by: by as Dimension }) };
  const answer = useRead('funnels', query);
  return (
    <Page
      title="Funnels"
      question="Where do players drop? The range is of the days on which they entered the funnel, or first started a level."
      filters={<ScopeBar />}
      {...{ resolved, answer }}
    >
      {(data) => (
        <>
          <ConversionFunnel data={data} />
          <Breakdown data={data} />
          <LevelFunnel levels={data.levels} />
        </>
      )}
    </Page>
  );
}
