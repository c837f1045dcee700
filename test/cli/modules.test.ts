import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';

it('every command’s module loads in Node itself', () => {
  const folder = join(projectRoot, 'src', 'cli', 'commands');
  const modules = readdirSync(folder).map((name) => pathToFileURL(join(folder, name)).href);
  const script = `for (const url of ${JSON.stringify(modules)}) await import(url); console.log('loaded'); process.exit();`;
  const args = ['--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('loaded\n');
});
