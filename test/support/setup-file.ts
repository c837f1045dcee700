import fc from 'fast-check';
import { inject } from 'vitest';

process.env['QUESTLINE_ENV'] = 'test';
process.env['QUESTLINE_EMBEDDED_DATA_DIR'] = inject('dataDir');

const seed = process.env['QUESTLINE_TEST_SEED'] ?? '20260101';
delete process.env['QUESTLINE_TEST_SEED'];
fc.configureGlobal({ seed: Number(seed) });
