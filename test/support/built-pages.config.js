// As remix.config.js, but into a folder of the test's own (PAGES_FOLDER, from the repository's root).
import path from 'node:path';
import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');

export default defineConfig({
  root,
  resolve: { alias: { '~': path.join(root, 'app'), '#adapters': path.join(root, 'adapters'), '#db': path.join(root, 'db') } },
  plugins: [
    tailwindcss(),
    remix({
      buildDirectory: process.env.PAGES_FOLDER,
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_singleFetch: true,
        v3_lazyRouteDiscovery: true,
        v3_routeConfig: false,
      },
    }),
  ],
});
