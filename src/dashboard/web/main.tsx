import { createRoot } from 'react-dom/client';

const host = document.getElementById('app');
if (host !== null) createRoot(host).render(<p>Questline</p>);
