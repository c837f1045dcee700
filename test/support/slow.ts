import { inject, it } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether slow proofs run too. */
    isSlowRun: boolean;
  }
}

/** Whether this is `npm run test:slow`. */
export const isSlowRun = inject('isSlowRun');

/** A proof that takes long: `npm run test:slow` runs it, with every other test. */
export const itSlowly = it.runIf(isSlowRun);
