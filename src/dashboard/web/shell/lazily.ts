import { type ComponentType, lazy } from 'react';

/** A component whose code the browser loads when it is first shown; a server that renders ahead leaves its place empty. */
export function lazily<N extends string, P>(load: () => Promise<Record<N, ComponentType<P>>>, name: N) {
  return lazy<ComponentType<P>>(
    import.meta.env.SSR ? () => new Promise(() => {}) : async () => ({ default: (await load())[name] }),
  );
}
