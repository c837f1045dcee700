export { backfillWorkflow } from './backfill.ts';
export { dailyWorkflow } from './daily.ts';
export { dayWorkflow } from './day.ts';
