import type { Chosen } from '../support/chosen.ts';
import type { Site } from '../support/site.ts';
import { comparedNumbers } from './compared.ts';
import { engagementNumbers } from './engagement.ts';
import { funnelNumbers } from './funnels.ts';
import { overviewNumbers } from './overview.ts';
import { retentionNumbers } from './retention.ts';
import { revenueNumbers } from './revenue.ts';

/** That every number of the pages is that of SQL over the published tables, for a filter. */
export function everyNumber(site: () => Site, chosen: Chosen): void {
  overviewNumbers(site, chosen);
  retentionNumbers(site, chosen);
  funnelNumbers(site, chosen);
  revenueNumbers(site, chosen);
  engagementNumbers(site, chosen);
  comparedNumbers(site, chosen);
}
