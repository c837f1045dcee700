import { describe, expect, it } from 'vitest';
import { describeConfig } from '../../src/config/describe.ts';
import { configKeys } from '../../src/config/key-paths.ts';
import { loadConfig } from '../../src/config/load.ts';
import { makeRoot } from './temporary-root.ts';

describe('describeConfig', () => {
  it('masks secrets that are set, and only those', () => {
    const env = {
      QUESTLINE_S3_ACCESS_KEY_ID: 'key-id',
      QUESTLINE_S3_SECRET_ACCESS_KEY: 'hunter2',
      TEMPORAL_API_KEY: 'hunter2',
      QUESTLINE_DASHBOARD_TOKEN: 'hunter2-hunter2-hunter2',
    };
    const rows = describeConfig(loadConfig(env, makeRoot()));
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    expect(rows.filter(({ secret }) => secret)).toEqual([
      { key: 'temporal.apiKey', value: '••••', origin: 'TEMPORAL_API_KEY', secret: true },
      { key: 's3.secretAccessKey', value: '••••', origin: 'QUESTLINE_S3_SECRET_ACCESS_KEY', secret: true },
      { key: 's3.sessionToken', value: null, origin: 'default', secret: true },
      { key: 'dashboard.token', value: '••••', origin: 'QUESTLINE_DASHBOARD_TOKEN', secret: true },
      { key: 'dashboard.writeToken', value: null, origin: 'default', secret: true },
    ]);
    expect(rows).toContainEqual({
      key: 's3.accessKeyId',
      value: 'key-id',
      origin: 'QUESTLINE_S3_ACCESS_KEY_ID',
      secret: false,
    });
  });

  it('has each key once, in the order of the schema', () => {
    const rows = describeConfig(loadConfig({}, makeRoot()));
    expect(rows.map(({ key }) => key)).toEqual(configKeys.map(({ path }) => path));
    for (const { value } of rows) expect(value).not.toBeUndefined();
  });
});
