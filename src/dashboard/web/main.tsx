import '@mantine/core/styles.css';
import { createRoot } from 'react-dom/client';
import { answers } from './api/use-read.ts';
import { App } from './app.tsx';
import { keepKnown } from './first-view/known.ts';
import { createPageRouter } from './router.tsx';
import './styles.css';

const host = document.getElementById('app');
if (host === null) throw new Error('index.html has no element "app".');
const known = document.getElementById('known')?.textContent;
if (known !== undefined) keepKnown(answers, known);
const router = createPageRouter();
// The view that came with the page stays until what takes its place is loaded.
await router.load();
createRoot(host).render(<App answers={answers} router={router} />);
