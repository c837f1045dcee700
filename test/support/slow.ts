import { it } from 'vitest';

/** A proof that takes long: `npm run test:slow` runs it, with every other test. */
export const itSlowly = it.runIf(process.env['QUESTLINE_TEST_SLOW'] === '1');
