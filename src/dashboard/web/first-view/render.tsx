import { createMemoryHistory } from '@tanstack/react-router';
import { renderToString } from 'react-dom/server';
import type { FirstView, FirstViewModule } from '../../api/first-view.ts';
import { pathOfRead } from '../api/request.ts';
import { createAnswers } from '../api/use-read.ts';
import { App } from '../app.tsx';
import { writeIn } from '../format/locale.ts';
import { createPageRouter } from '../router.tsx';
import { writeKnown } from './known.ts';

/**
 * Renders the page for an address as its reader first sees it: once to learn what it asks, and once more with the answers that come.
 * Charts and dialogs are left to the browser.
 */
export const renderFirstView: FirstViewModule['renderFirstView'] = async ({
  url,
  language,
  ask,
}): Promise<FirstView> => {
  const answers = createAnswers();
  const status = await ask(pathOfRead('status', {}, {}));
  if (status !== null) for (const key of [['shown'], ['status']]) answers.setQueryData(key, status);
  const router = createPageRouter(createMemoryHistory({ initialEntries: [url] }));
  await router.load();
  const render = () => {
    writeIn(language);
    return renderToString(<App answers={answers} router={router} />);
  };
  const before = render();
  const asked = answers
    .getQueryCache()
    .getAll()
    .flatMap(({ queryKey, state }) => {
      const [name, query, params] = queryKey as Parameters<typeof pathOfRead>;
      return state.data !== undefined || query == null
        ? []
        : [{ queryKey, path: pathOfRead(name, query, params) }];
    });
  const found = await Promise.all(
    asked.map(async ({ queryKey, path }) => ({ queryKey, answer: await ask(path) })),
  );
  for (const { queryKey, answer } of found) if (answer !== null) answers.setQueryData(queryKey, answer);
  const html = found.some(({ answer }) => answer !== null) ? render() : before;
  const known = writeKnown(answers);
  answers.clear();
  return { html, known };
};
