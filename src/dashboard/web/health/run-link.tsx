import { Anchor } from '@mantine/core';
import { UNKNOWN } from '../format/number.ts';

/** A link to a run in Temporal Web UI; nothing is known of a run without one. */
export function RunLink({ href, of }: { readonly href: string | null; readonly of: string }) {
  if (href === null) return UNKNOWN;
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size="sm" underline="always" className="run-link">
      run<span className="visually-hidden"> of {of} in Temporal Web UI</span> ↗
    </Anchor>
  );
}
