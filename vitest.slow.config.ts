import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Every test, the slow proofs included. */
export default defineConfig({ ...base, test: { ...base.test, provide: { isSlowRun: true } } });
