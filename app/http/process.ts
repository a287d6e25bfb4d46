import type { AppLoadContext } from '@remix-run/node';
import type { RehearsalClock } from '../clock';
import type { Inbound, Log, Portal, Sending } from '../portal';
import type { RehearsalPlayer } from '../services/run-rehearsal';

/** What a process needs to run; `context.server.ts` makes it, tests make their own. */
export interface ProcessContext {
  readonly portal: Portal;
  /** The same over the console's role, where this process has it. */
  readonly consolePortal: Portal | null;
  readonly log: Log;
  /** The clock of a rehearsal; left out in production. */
  readonly rehearsalClock?: RehearsalClock | null;
  /** How messages go out; left out by processes that send none. */
  readonly sending?: Sending;
  /** How rehearsals are played; left out: there is nowhere to play them. */
  readonly play?: RehearsalPlayer;
  /** Whether the database answers and has the form this code needs. Never throws. */
  isReady(): Promise<boolean>;
}

export interface WebContext extends ProcessContext {
  readonly publicUrl: string;
  readonly rehearsal: AppLoadContext['rehearsal'];
  readonly limits: AppLoadContext['limits'];
  /** Whether messages are shown at /outbox; left out: no. */
  readonly outbox?: boolean;
  /** Left out: there is no security.txt. */
  readonly securityContact?: string | null;
  /** Left out: nobody moves the clock. */
  readonly moveClock?: AppLoadContext['moveClock'];
  readonly console: AppLoadContext['console'];
  /** Left out: nothing comes in. */
  readonly inbound?: Inbound;
  /** How many proxies may be believed about the client's address. */
  readonly proxyHops: number;
}
