import { ensurePage, PageError } from '../src/dashboard/page/ensure-page.ts';

try {
  console.log(await ensurePage(console.error));
} catch (error) {
  if (!(error instanceof PageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
