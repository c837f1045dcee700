import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs } from './generated-docs.ts';

/** Writes the pages of docs/ that follow from declarations in the code: what `npm run docs` runs. */
for (const [path, text] of Object.entries(generatedDocs)) {
  writeFileSync(join(import.meta.dirname, '..', path), text);
  console.log(`✓ ${path}`);
}
