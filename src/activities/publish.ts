import { hashConfig } from '../config/table-config.ts';
import type { AcceptedArrival, ArrivalRecord } from '../domain/arrival.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { sum } from '../domain/ledger.ts';
import type { PublishRequest, PublishResult, RestatedCount } from '../domain/pipeline.ts';
import { wholeTables } from '../domain/tables.ts';
import { type CatalogState, type CurrentCatalog, commitSnapshot, readCurrent } from '../storage/catalog.ts';
import type { ArrivalEntry, EventDayEntry, Snapshot } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { inputIdentity } from '../storage/landed.ts';
import { mirrorTables } from '../storage/mirror.ts';
import { readReport } from '../storage/reports.ts';
import { auditCatalog, readBackWhile } from './audit.ts';
import type { Dependencies } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';
import { pinInputs } from './inputs.ts';
import { recordRestatements } from './restatements.ts';
import { makeWholeTables } from './whole-tables.ts';

/**
 * Makes the cross-day tables, audits everything, and commits one snapshot; then brings the mirror in step. Answers `moved`,
 * having changed nothing, when the catalog is not at `base` any more, and `unchanged` when there is nothing to commit.
 */
export async function publishBuild(
  deps: Dependencies,
  stage: StageContext,
  request: PublishRequest,
): Promise<PublishResult> {
  stage.tell('reading the catalog');
  const current = await readCurrent(deps.store);
  const before = current.state;
  if ((before?.snapshot.id ?? null) !== request.base) return { outcome: 'moved' };
  const arrivals = await mergeArrivals(deps, before, request.arrivals);
  const eventDays = mergeEventDays(before, request, stage);
  const profiles = await pinInputs(deps.store, keys.profiles);
  stage.tell(`making the tables over ${eventDays.size} event days`);
  const days = { base: before, arrivals, eventDays };
  const { made: tables, already } = await readBackWhile(deps, stage, days, () =>
    makeWholeTables(deps, arrivals, eventDays, profiles),
  );
  const configHash = hashConfig(deps.config);
  if (before !== null && isUnchanged(before, { arrivals, eventDays, profiles, tables })) {
    await mirrorTables(deps.store);
    const { id } = before.snapshot;
    return { outcome: 'unchanged', snapshot: id, eventDays: [], tablesWritten: [], restated: null };
  }
  const touched = new Set([...request.aggregated.map(({ day }) => day), ...request.removed]);
  const candidate = { ...days, tables, touched };
  await auditCatalog(deps, stage, candidate, already);
  stage.tell('comparing with the snapshot before');
  const restated = await recordRestatements(deps, candidate);
  stage.stopIfCancelled();
  const run = { ...stage.run, trigger: request.trigger };
  const committedAt = new Date().toISOString();
  const cause = request.arrivals
    .map(({ day }) => day)
    .filter((day) => arrivals.get(day) !== before?.arrivals.get(day))
    .sort();
  const restatements = restated?.ref ?? null;
  const change = { arrivals, eventDays, tables, profiles, configHash, run, cause, restatements, committedAt };
  return commitAndMirror(deps, stage, current, change, request, restated?.count ?? null);
}

async function commitAndMirror(
  deps: Dependencies,
  stage: StageContext,
  current: CurrentCatalog,
  change: Parameters<typeof commitSnapshot>[2],
  request: PublishRequest,
  restated: RestatedCount | null,
): Promise<PublishResult> {
  const snapshot = await commitSnapshot(deps.store, current, change);
  if (snapshot === null) return { outcome: 'moved' };
  stage.count({ events: sum(request.built.map(({ ledger }) => ledger.kept)) });
  stage.tell(`mirroring ${snapshot.id}`);
  await mirrorTables(deps.store);
  const before = current.state?.snapshot.tables;
  const tablesWritten = wholeTables.filter((table) => before?.[table].sha256 !== change.tables[table].sha256);
  const eventDays = [...request.aggregated.map(({ day }) => day), ...request.removed].sort();
  return { outcome: 'committed', snapshot: snapshot.id, eventDays, tablesWritten, restated };
}

async function mergeArrivals(
  deps: Dependencies,
  before: CatalogState | null,
  incoming: readonly AcceptedArrival[],
): Promise<Map<Day, ArrivalEntry>> {
  const merged = new Map(before?.arrivals);
  for (const { day, record: ref, run } of incoming) {
    const report = await readReport(deps.store, ref.key, ref.sha256);
    if (report === null) {
      throw new TerminalError(
        'AuditError',
        `The report ${ref.key} is gone or was changed. Run ${day} again.`,
      );
    }
    const { record } = report;
    const known = merged.get(day);
    if (known === undefined || !isSameArrival(known, record))
      merged.set(day, { ...record, report: ref.key, run });
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether nothing that decides about an arrival differs; checks may, by what landed on the days before. */
function isSameArrival(a: ArrivalRecord, b: ArrivalRecord): boolean {
  const decisive = ({ inputs, replays, configHash, accepted, quarantine, ledger, decision }: ArrivalRecord) =>
    canonicalJson({ inputs, replays, configHash, accepted, quarantine, ledger, decision });
  return decisive(a) === decisive(b);
}

function mergeEventDays(
  before: CatalogState | null,
  request: PublishRequest,
  stage: StageContext,
): Map<Day, EventDayEntry> {
  const merged = new Map<Day, EventDayEntry>(before?.eventDays);
  for (const day of request.removed) merged.delete(day);
  const built = new Map(request.built.map((day) => [day.day, day]));
  for (const { day, tables: aggregates } of request.aggregated) {
    const known = merged.get(day);
    const source = built.get(day);
    const events = source?.events ?? known?.tables.events_cleaned;
    const origin = source ?? known;
    if (events === undefined || origin === undefined)
      throw new TerminalError(
        'AuditError',
        `Nothing was committed: ${day} was aggregated, but was neither built by this run nor published before.`,
        { day },
      );
    const { pieces, rules, ledger } = origin;
    const tables = { events_cleaned: events, ...aggregates };
    const isSame =
      known !== undefined && canonicalJson([known.tables, known.rules]) === canonicalJson([tables, rules]);
    const run = isSame && source === undefined ? known.run : stage.run;
    merged.set(day, { pieces, rules, ledger, tables, run });
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isUnchanged(
  before: CatalogState,
  after: {
    readonly arrivals: ReadonlyMap<Day, ArrivalEntry>;
    readonly eventDays: ReadonlyMap<Day, EventDayEntry>;
    readonly profiles: Snapshot['profiles'];
    readonly tables: Snapshot['tables'];
  },
): boolean {
  const text = (arrivals: ReadonlyMap<Day, ArrivalEntry>, eventDays: ReadonlyMap<Day, EventDayEntry>) =>
    canonicalJson([[...arrivals], [...eventDays]]);
  return (
    text(before.arrivals, before.eventDays) === text(after.arrivals, after.eventDays) &&
    canonicalJson(inputIdentity(before.snapshot.profiles)) === canonicalJson(inputIdentity(after.profiles)) &&
    canonicalJson(before.snapshot.tables) === canonicalJson(after.tables)
  );
}
