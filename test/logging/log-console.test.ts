import { describe, expect, it } from 'vitest';
import { createRenderer, renderAsJson } from '../../src/logging/log-console.ts';

const line = {
  level: 'error',
  time: '2026-01-03T04:05:06.789Z',
  pid: 1,
  hostname: 'h',
  day: '2026-01-03',
  stage: 'clean',
  msg: 'clean failed',
  err: {
    type: 'TypeError',
    message: 'no rows\n  here',
    stack: 'TypeError: no rows\n    at clean (clean.ts:1:1)',
  },
};

describe('a line on the console', () => {
  it('is one line with its time, level, fields, and an error’s type and message', () => {
    expect(createRenderer(false)(line)).toBe(
      '[2026-01-03 04:05:06.789] ERROR: clean failed {"day":"2026-01-03","stage":"clean","error":"TypeError: no rows here"}\n',
    );
  });

  it('has a failure for people with its type and message', () => {
    const { err: _, ...rest } = line;
    const failure = { type: 'NoRawData', message: 'Nothing landed for 2026-01-03.' };
    expect(createRenderer(false)({ ...rest, level: 'warn', failure })).toContain(
      '"failure":"NoRawData: Nothing landed for 2026-01-03."',
    );
  });

  it('as JSON is the same line without the stack trace', () => {
    const text = renderAsJson(line);
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({ ...line, err: { type: 'TypeError', message: 'no rows\n  here' } });
  });
});
