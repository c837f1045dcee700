import { flushCompileCache } from 'node:module';
import fc from 'fast-check';
import { afterAll, inject } from 'vitest';

process.env['QUESTLINE_ENV'] = 'test';
process.env['QUESTLINE_EMBEDDED_DATA_DIR'] = inject('dataDir');

fc.configureGlobal({ seed: inject('seed') });

/** Vitest ends this process by a signal, at which Node would not write what it compiled. */
afterAll(() => flushCompileCache());
