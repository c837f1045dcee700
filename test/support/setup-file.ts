import { inject } from 'vitest';

process.env['QUESTLINE_ENV'] = 'test';
process.env['QUESTLINE_EMBEDDED_DATA_DIR'] = inject('dataDir');
