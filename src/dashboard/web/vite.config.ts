import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the page, into the folder that `ensurePage` names; `QUESTLINE_API` names the server that a development server passes requests on to. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, '..', '..', '..', 'dist', 'vite'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
  },
  // Modules of the folder api are the page's own.
  server: {
    proxy: { '^/api/(?!.*\\.tsx?($|\\?))': process.env['QUESTLINE_API'] ?? 'http://127.0.0.1:3000' },
  },
});
