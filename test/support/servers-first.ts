import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, longest first. */
const longest = [
  'dashboard/dashboard',
  'cli/stack',
  'workflows/tables',
  'cli/quarantine',
  'kill/kill',
  'cli/upkeep',
  'workflows/pipeline',
  'infra/check',
];
const withServers = /\/test\/(dashboard|kill|workflows|cli|watch|upkeep|workers|activities)\//;

/**
 * Begins with the files that take longest, so that none of them is left over, then those whose tests run servers: they wait
 * most, so that the others fill their pauses.
 */
export class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  if (at >= 0) return at;
  return longest.length + (withServers.test(moduleId) ? 0 : 1);
}
