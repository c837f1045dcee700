import { CancelledFailure } from '@temporalio/common';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { logFailure } from '../../src/activities/log-failure.ts';
import { TerminalError } from '../../src/domain/failure.ts';
import { StorageError } from '../../src/storage/object-store.ts';

it.each([
  [new CancelledFailure('stop'), { level: 30, outcome: 'cancelled', msg: 'clean was cancelled' }],
  [
    new TerminalError('NoRawData', 'Nothing landed.'),
    { level: 40, outcome: 'failed', failure: { type: 'NoRawData', message: 'Nothing landed.' } },
  ],
  [
    new StorageError('denied', 'The bucket refused.'),
    { level: 40, outcome: 'failed', err: { message: 'The bucket refused.' } },
  ],
  [
    new StorageError('unreachable', 'No service answers.'),
    { level: 40, outcome: 'errored', err: { stack: expect.stringContaining('No service answers.') } },
  ],
  [
    new TypeError('no rows'),
    { level: 50, outcome: 'errored', err: { stack: expect.stringContaining('no rows') } },
  ],
  ['a text', { level: 50, outcome: 'errored', err: 'a text' }],
])('%s is one line of its level', (error, expected) => {
  const lines: unknown[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
  logFailure(log, 'clean', error, (outcome) => ({ outcome }));
  expect(lines).toEqual([expect.objectContaining({ level: expected.level })]);
  expect(lines).toMatchObject([expected]);
});
