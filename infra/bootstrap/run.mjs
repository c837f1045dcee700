import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [tool, ...args] = process.argv.slice(2);
const { explainTooOld } = await import('./runtime-version.mjs');
const problem = explainTooOld(process.versions.node);
if (problem !== null || tool === undefined) {
  console.error(problem ?? 'Usage: node infra/bootstrap/run.mjs PACKAGE[:COMMAND] [ARGUMENT…]');
  process.exitCode = problem === null ? 2 : 1;
} else {
  const { launch } = await import('./launch.mjs');
  await launch((root) => (tool.endsWith('.ts') ? join(root, tool) : findCommand(root, tool)), args);
}

/** @param {string} root @param {string} name */
function findCommand(root, name) {
  const [pack = '', command = pack.split('/').at(-1) ?? ''] = name.split(':');
  const folder = join(root, 'node_modules', pack);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}
