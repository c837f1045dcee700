import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { dashboardUrl } from '../../src/stack/dashboard-url.ts';

it.each([
  ['127.0.0.1', '', 'http://127.0.0.1:3000'],
  ['::1', '', 'http://[::1]:3000'],
  ['0.0.0.0', '', 'http://127.0.0.1:3000'],
  ['::', '', 'http://[::1]:3000'],
  ['192.0.2.7', '', 'http://192.0.2.7:3000'],
  ['0.0.0.0', 'https://numbers.example.com', 'https://numbers.example.com'],
])('a dashboard on %s, known as "%s", is found at %s', (host, publicUrl, url) => {
  const { config } = loadConfig({
    QUESTLINE_DASHBOARD_HOST: host,
    QUESTLINE_DASHBOARD_PUBLIC_URL: publicUrl,
    QUESTLINE_DASHBOARD_TOKEN: 'a-token-of-the-tests',
  });
  expect(dashboardUrl(config.dashboard, 3000)).toBe(url);
});
