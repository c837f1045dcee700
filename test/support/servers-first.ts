import { BaseSequencer, type TestSpecification } from 'vitest/node';

const withServers = /\/test\/(dashboard|kill|workflows|cli|watch|upkeep|workers|activities)\//;

/** Begins with the files whose tests run servers: they take longest, and wait most, so that the others fill their pauses. */
export class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => withServers.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
