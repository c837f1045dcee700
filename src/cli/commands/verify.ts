import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogUpdate } from 'log-update';
import type { Day } from '../../domain/day.ts';
import type { OnProgress } from '../../upkeep/fault.ts';
import { type Verification, verifyPublished } from '../../upkeep/verify.ts';
import { rangeOf } from '../options.ts';
import { countOf, formatBytes, printJson, printLine, say } from '../output.ts';
import { openCache, withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

interface VerifyOptions {
  readonly from?: Day;
  readonly to?: Day;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** `questline verify`: everything that is published, against what the catalog says of it. */
export async function runVerify({ from, to, deep = false, json = false }: VerifyOptions): Promise<void> {
  if (from !== undefined && to !== undefined) rangeOf(from, to);
  await withSession(async ({ config, store: open }) => {
    const store = await open();
    const parent = config.worker.scratchDir ?? tmpdir();
    await mkdir(parent, { recursive: true });
    const scratchRoot = await mkdtemp(join(parent, 'questline-verify-'));
    const duckDb = { threads: 1, memoryMb: config.worker.memoryMb };
    const deps = { config, store, cache: openCache(config, store), duckDb, scratchRoot };
    const progress = showProgress();
    try {
      const request = { range: { from, to }, isDeep: deep };
      const verification = await verifyPublished(deps, request, new Date(), progress.tell);
      progress.end();
      report(verification, { deep, json });
    } finally {
      progress.end();
      await rm(scratchRoot, { recursive: true, force: true });
    }
  });
}

function report(
  verification: Verification,
  { deep, json }: { readonly deep: boolean; readonly json: boolean },
): void {
  const { snapshot, faults, verified, orphans, skipped, hasMoved } = verification;
  if (json) printJson(verification);
  else {
    for (const { kind, message } of faults) printLine(`${kind}: ${message}`);
    if (snapshot === null && faults.length === 0) return say('Nothing has been published yet.');
    for (const line of skipped) say(`not compared: ${line}`);
    const { arrivals, eventDays, objects, rawInputs, mirrorFiles, bytes, recomputed } = verified;
    const made = deep ? `, ${countOf(recomputed, 'set')} of tables made again` : '';
    if (snapshot !== null)
      say(
        `${snapshot}: ${countOf(arrivals, 'arrival')}, ${countOf(eventDays, 'event day')}, ${countOf(objects, 'object')}, ${countOf(rawInputs, 'raw input')}, ${countOf(mirrorFiles, 'file')} of the mirror, ${formatBytes(bytes)} read${made}.`,
      );
    if (orphans !== null && orphans.objects > 0)
      say(
        `${countOf(orphans.objects, 'orphan')}, ${formatBytes(orphans.bytes)}: no kept snapshot names them; npx questline gc deals with them.`,
      );
    if (hasMoved) say('Another snapshot was committed meanwhile: verify again.');
    if (faults.length === 0) printLine(`${snapshot} is as it has to be.`);
  }
  if (faults.length > 0) throw new CommandFailed(json ? '' : `${countOf(faults.length, 'fault')}.`);
}

function showProgress(): { readonly tell: OnProgress; end(): void } {
  if (!process.stderr.isTTY) return { tell: () => {}, end: () => {} };
  const log = createLogUpdate(process.stderr);
  return {
    tell: (what, done, of, bytes) =>
      log(`  ${what} ${done}/${of}${bytes === 0 ? '' : `, ${formatBytes(bytes)}`}`),
    end: () => log.clear(),
  };
}
