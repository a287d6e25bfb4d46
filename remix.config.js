// The Vite configuration of the portal, under the name the owner fixed (docs/decisions/0002).
// Every script passes it with --config; the classic Remix compiler, which used this file name, is not used.

import path from 'node:path';
import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const underTest = Boolean(process.env.VITEST);

export default defineConfig({
  resolve: {
    alias: {
      '~': path.join(here, 'app'),
      '#adapters': path.join(here, 'adapters'),
      '#db': path.join(here, 'db'),
    },
  },
  plugins: [
    tailwindcss(),
    underTest
      ? null
      : remix({
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
  build: { sourcemap: false },
  test: {
    include: ['test/**/*.test.{ts,tsx}', 'adapters/**/*.test.ts'],
    environment: 'node',
    testTimeout: 90_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['test/setup/global.ts'],
    setupFiles: ['test/setup/each.ts'],
    passWithNoTests: false,
  },
});
