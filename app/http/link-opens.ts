import { clientKind } from '../domain/client-kind';
import type { LinkOpens, Portal } from '../portal';
import { type LinkOpen, recordOpens } from '../services/record-opens';

const FLUSH_EVERY_MS = 3_000;
/** More between two writings are not counted: whoever floods must fill neither memory nor disk. */
const MOST = 2_000;
/** The same for one link. */
export const MOST_OF_ONE = 20;

/** Openings of links, kept in memory and written apart from the answers: reading a page never waits for it, nor fails with it. */
export interface OpensBuffer extends LinkOpens {
  /** Writes what there is. Never throws: a lost buffer loses statistics only. */
  flush(): Promise<void>;
  /** Writes what there is and ends. */
  stop(): Promise<void>;
}

/** Starts counting. */
export function makeLinkOpens(portal: Pick<Portal, 'db' | 'crypto' | 'clock' | 'log'>): OpensBuffer {
  let opens = new Map<string, LinkOpen>();
  let acts = new Map<string, Date>();
  let ofGrant = new Map<string, number>();
  let writing: Promise<void> = Promise.resolve();
  const tagOf = (sid: string) => portal.crypto.tag('link-open', sid);

  const write = async () => {
    if (opens.size === 0 && acts.size === 0) return;
    const batch = { opens: [...opens.values()], acts };
    [opens, acts, ofGrant] = [new Map(), new Map(), new Map()];
    try {
      await recordOpens(portal, batch);
    } catch (err) {
      portal.log.warn({ err, lost: batch.opens.length }, 'openings of links could not be counted');
    }
  };
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };
  const timer = setInterval(() => void flush(), FLUSH_EVERY_MS);
  timer.unref();
  return {
    opened({ grantId, sid, userAgent, prefetch }) {
      const own = ofGrant.get(grantId) ?? 0;
      if (opens.size >= MOST || own >= MOST_OF_ONE) return;
      ofGrant.set(grantId, own + 1);
      const sessionTag = tagOf(sid);
      const client = prefetch ? 'bot' : clientKind(userAgent);
      opens.set(sessionTag, { grantId, sessionTag, client, openedAt: portal.clock.now(), actedAt: null });
    },
    acted(sid) {
      const sessionTag = tagOf(sid);
      const now = portal.clock.now();
      const open = opens.get(sessionTag);
      if (open) opens.set(sessionTag, { ...open, actedAt: open.actedAt ?? now });
      else if (acts.size < MOST && !acts.has(sessionTag)) acts.set(sessionTag, now);
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
