import { it } from 'vitest';

/** Whether this is `npm run test:slow`. */
export const isSlowRun = process.env['QUESTLINE_TEST_SLOW'] === '1';

/** A proof that takes long: `npm run test:slow` runs it, with every other test. */
export const itSlowly = it.runIf(isSlowRun);
