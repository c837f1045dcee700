import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedDocs } from '../../infra/generated-docs.ts';
import { projectRoot } from '../../src/config/load.ts';

it.each(Object.entries(generatedDocs))('%s is as `npm run docs` writes it', (path, text) => {
  expect(readFileSync(join(projectRoot, path), 'utf8')).toBe(text);
});
