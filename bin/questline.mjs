#!/usr/bin/env node
const { explainTooOld } = await import('../infra/bootstrap/runtime-version.mjs');
const problem = explainTooOld(process.versions.node);
if (problem === null) {
  const { launch } = await import('../infra/bootstrap/launch.mjs');
  await launch((root) => `${root}src/cli/main.ts`, process.argv.slice(2));
} else {
  console.error(problem);
  process.exitCode = 1;
}
