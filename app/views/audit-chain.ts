import { sql } from 'kysely';
import { type Anchor, type ChainHead, findLink, findUnlinked, getHead, listAnchors, listChain } from '#db/audit-chain';
import { findNewUnlinked } from '#db/audit-list';
import type { Db, Trx } from '#db/database';
import { chainHash, chainStart, isSignedBy } from '../crypto.server';
import { anchorText } from '../domain/chain';

/** What can be wrong with the chain, and where it is first wrong. */
export type ChainFault =
  /** The entry was changed, or the hash was. */
  | { readonly kind: 'edited'; readonly seq: bigint; readonly entryId: string }
  /** The link is there, the entry is gone. */
  | { readonly kind: 'deleted'; readonly seq: bigint; readonly entryId: string }
  /** A place of the chain is missing: deleted, or put in another order. */
  | { readonly kind: 'gap'; readonly seq: bigint }
  /** An entry that the chain does not know. */
  | { readonly kind: 'unlinked'; readonly entryId: string }
  /** The chain ends before a place that was signed or noted. */
  | { readonly kind: 'cut'; readonly seq: bigint; readonly known: bigint }
  /** The chain was made anew: another hash stands where a signed or noted one stood. */
  | { readonly kind: 'rewritten'; readonly seq: bigint }
  | { readonly kind: 'bad_signature'; readonly seq: bigint };

export interface ChainReport {
  /** The last place that was read. */
  readonly entries: bigint;
  /** The place before the first that was read: 0 for the whole chain. */
  readonly from: bigint;
  readonly head: ChainHead;
  readonly anchors: number;
  /** Signed places whose signature could be checked. */
  readonly signatures: number;
  readonly fault: ChainFault | null;
}

const BATCH = 2_000;

/**
 * Walks the whole audit chain in one snapshot, in pieces of constant size, and holds it against every signed place
 * and against heads that were noted elsewhere (a log line, a proof of the day). Stops at the first fault.
 * @param publicKeys who may have signed, `id:base64`; an anchor of another key is only compared
 * @param newest only so many of the last places, on the hash that is stored before them
 */
export async function verifyAuditChain(
  db: Db,
  options: {
    readonly publicKeys?: readonly string[];
    readonly heads?: readonly ChainHead[];
    readonly newest?: number;
    readonly onProgress?: (done: bigint, total: bigint) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<ChainReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local statement_timeout = 0`.execute(trx);
      const head = await getHead(trx);
      const { newest } = options;
      const from = newest !== undefined && head.seq > BigInt(newest) ? head.seq - BigInt(newest) : 0n;
      const known = new Map<bigint, readonly Buffer[]>();
      for (const own of options.heads ?? []) known.set(own.seq, [...(known.get(own.seq) ?? []), own.hash]);
      const anchors = new Anchors(trx, options.publicKeys ?? [], from);
      const report = (fault: ChainFault | null, entries: bigint): ChainReport => ({ entries, from, head, ...anchors.counts, fault });

      const start = from === 0n ? chainStart() : (await findLink(trx, from))?.hash;
      if (!start) return report({ kind: 'gap', seq: from }, from);
      let before = start;
      let seq = from;
      for (;;) {
        options.signal?.throwIfAborted();
        const rows = await listChain(trx, { after: seq, limit: BATCH });
        for (const row of rows) {
          if (row.seq !== seq + 1n) return report({ kind: 'gap', seq: seq + 1n }, seq);
          if (row.text === null) return report({ kind: 'deleted', seq: row.seq, entryId: row.entryId }, seq);
          before = chainHash(before, row.text);
          if (!before.equals(row.hash)) return report({ kind: 'edited', seq: row.seq, entryId: row.entryId }, seq);
          seq = row.seq;
          const noted = known.get(seq) ?? [];
          if (noted.some((hash) => !hash.equals(row.hash))) return report({ kind: 'rewritten', seq }, seq);
          const fault = await anchors.check(seq, row.hash);
          if (fault) return report(fault, seq);
        }
        options.onProgress?.(seq, head.seq);
        if (rows.length < BATCH) break;
      }
      const last = [head.seq, await anchors.lastKnown(), ...known.keys()].reduce((most, own) => (own > most ? own : most), 0n);
      if (last > seq) return report({ kind: 'cut', seq, known: last }, seq);
      if (seq > 0n && !before.equals(head.hash)) return report({ kind: 'rewritten', seq }, seq);
      const unlinked = await (newest === undefined ? findUnlinked(trx) : findNewUnlinked(trx, newest));
      return report(unlinked ? { kind: 'unlinked', entryId: unlinked } : null, seq);
    });
}

/** The signed places, read beside the chain in the same order. */
class Anchors {
  readonly counts = { anchors: 0, signatures: 0 };
  private waiting: Anchor[] = [];
  private ended = false;

  constructor(
    private readonly trx: Trx,
    private readonly publicKeys: readonly string[],
    private read: bigint,
  ) {}

  async check(seq: bigint, hash: Buffer): Promise<ChainFault | null> {
    const next = await this.next();
    if (next?.seq !== seq) return null;
    this.waiting.shift();
    this.counts.anchors += 1;
    if (!next.hash.equals(hash)) return { kind: 'rewritten', seq };
    const key = this.publicKeys.find((own) => own.startsWith(`${next.keyId}:`));
    if (!key) return null;
    this.counts.signatures += 1;
    return isSignedBy(key, anchorText(next), next.signature) ? null : { kind: 'bad_signature', seq };
  }

  /** The last signed place; the chain must reach it. */
  async lastKnown(): Promise<bigint> {
    const next = await this.next();
    return this.waiting.at(-1)?.seq ?? next?.seq ?? 0n;
  }

  private async next(): Promise<Anchor | undefined> {
    if (this.waiting.length === 0 && !this.ended) {
      this.waiting = await listAnchors(this.trx, { after: this.read, limit: BATCH });
      this.read = this.waiting.at(-1)?.seq ?? this.read;
      this.ended = this.waiting.length < BATCH;
    }
    return this.waiting[0];
  }
}
