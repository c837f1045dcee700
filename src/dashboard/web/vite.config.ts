import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The first view needs styles and no script: on a slow line these must not wait for those. */
const stylesFirst: Plugin = {
  name: 'styles-first',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      const links = html.match(/ *<link rel="stylesheet"[^>]*>\n/g) ?? [];
      const rest = links.reduce((text, link) => text.replace(link, ''), html);
      return rest
        .replace(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"')
        .replace('<head>\n', `<head>\n${links.join('')}`);
    },
  },
};

/** Builds the page, into the folder that `ensurePage` names; `QUESTLINE_API` names the server that a development server passes requests on to. */
export default defineConfig(({ isSsrBuild = false }) => ({
  root: import.meta.dirname,
  plugins: [react(), stylesFirst],
  build: {
    outDir: join(import.meta.dirname, '..', '..', '..', 'dist', 'vite'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    copyPublicDir: !isSsrBuild,
  },
  // The module that renders pages ahead stands for itself: it holds the packages as a browser gets them.
  ssr: { noExternal: true },
  ...(isSsrBuild ? { define: { 'process.env.NODE_ENV': '"production"' } } : {}),
  // Modules of the folder api are the page's own.
  server: {
    proxy: { '^/api/(?!.*\\.tsx?($|\\?))': process.env['QUESTLINE_API'] ?? 'http://127.0.0.1:3000' },
  },
}));
