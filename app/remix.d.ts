import '@remix-run/node';
import type { ConsoleContext, GuessVerdict, Inbound, LinkOpens, Portal } from './portal';

declare module '@remix-run/node' {
  /** What the web process hands to every route, made per request by `entry.web.ts`. */
  interface AppLoadContext {
    readonly portal: Portal;
    /** The CSP nonce of this answer. */
    readonly nonce: string;
    /** Where the portal stands for the public, without a slash at the end. */
    readonly publicUrl: string;
    readonly clientIp: string;
    /** The moved clock's time (rehearsal, demo): every page says so. Null in production. */
    readonly rehearsal: Date | null;
    /** The operators' console, with its own role in the database; null on processes that serve none. */
    readonly console: ConsoleContext | null;
    readonly opens: LinkOpens;
    readonly inbound: Inbound;
    /** Whether messages are shown at /outbox instead of being sent. Only in rehearsals. */
    readonly outbox: boolean;
    /** Where finders of a security hole turn to; null: there is no security.txt. */
    readonly securityContact: string | null;
    /** Moves the rehearsal's clock on in all processes, and resolves when this one goes by it; null where nobody may. */
    readonly moveClock: ((to: Date) => Promise<void>) | null;
    readonly limits: {
      /** Counts one unknown link against an address; holds over all web processes. */
      allowGuess(ip: string): Promise<{ ok: true } | { ok: false; retryAfterSeconds: number }>;
      /** Counts links that an address asks for again. */
      allowRecovery(ip: string): Promise<GuessVerdict>;
      /** Counts messages checked from an address, and about one phone number or mail address. */
      allowCheck(by: { ip: string; arrived: string }): Promise<GuessVerdict>;
      /** Counts claims sent from an address, and questions after a claim from an address or about a number. */
      allowClaim(what: 'send' | 'ask', by: { ip: string; number?: string }): Promise<GuessVerdict>;
    };
  }
}
