import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { makeBulk } from '#db/bulk';
import { makePool } from '#db/database';
import { startWeb as serve } from '~/entry.web';
import { type Child, serveParent, startChild } from './child';
import { benchPortal } from './portal';

export interface WebSettings {
  /** The folder of the built pages: the portal's or the bare template's. */
  readonly pages: string;
  /** The database as the web role. */
  readonly url: string;
  /** The database as the console's role; left out: there is no console. */
  readonly consoleUrl?: string;
}

/** Asked for anything, it says how much processor time it has used, in ms: all threads, compression included. */
export type Web = Child<{ readonly port: number }, 'cpu', number>;

/** One web process as in production, whatever pages it serves: Express, every header, compression, log. */
export function startWeb(settings: WebSettings): Promise<Web> {
  return startChild<{ port: number }, 'cpu', number>('web.ts', settings);
}

const CONNECTIONS = 10;

if (process.argv[1] === import.meta.filename) {
  serveParent(async ({ pages, url, consoleUrl }: WebSettings) => {
    const portal = benchPortal(url, { connections: CONNECTIONS, planOnce: true });
    const consolePortal = consoleUrl ? benchPortal(consoleUrl, { connections: CONNECTIONS }) : null;
    const build = (await import(pathToFileURL(path.join(pages, 'server', 'index.js')).href)) as ServerBuild;
    const web = await serve(
      {
        portal,
        log: portal.log,
        isReady: async () => true,
        publicUrl: 'https://uketori.example',
        rehearsal: null,
        limits: {
          allowGuess: async () => ({ ok: true }),
          allowCheck: async () => ({ ok: true, forgive: async () => {} }),
          allowClaim: async () => ({ ok: true, forgive: async () => {} }),
          allowRecovery: async () => ({ ok: true, forgive: async () => {} }),
        },
        proxyHops: 0,
        console: consolePortal && {
          portal: consolePortal,
          within: () => consolePortal,
          stockReader: () => null,
          channelPerHour: null,
          bulk: makeBulk(makePool(consoleUrl ?? url, { max: 1, name: 'bench-bulk' })),
          allowSignIn: async () => ({ ok: true, forgive: async () => {} }),
          allowProof: async () => ({ ok: true, forgive: async () => {} }),
        },
        consolePortal,
      },
      { port: 0, build, clientFolder: path.join(pages, 'client') },
    );
    return { ready: { port: web.port }, answer: async () => cpuMs(), stop: () => web.stop() };
  });
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
