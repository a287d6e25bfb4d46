/** What is signed of the audit chain: its place, its hash, when. One line, the same for everybody who checks it. */
export function anchorText(anchor: { readonly seq: bigint; readonly hash: Uint8Array; readonly at: Date }): string {
  return `uketori audit ${anchor.seq} ${Buffer.from(anchor.hash).toString('hex')} ${anchor.at.toISOString()}`;
}

/** A head as people copy it: 1234:ab12… */
export function headText(head: { readonly seq: bigint; readonly hash: Uint8Array }): string {
  return `${head.seq}:${Buffer.from(head.hash).toString('hex')}`;
}

/** Reads a head that was copied from a log or a report; null when it is none. */
export function readHead(text: string): { readonly seq: bigint; readonly hash: Buffer } | null {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim());
  return match ? { seq: BigInt(match[1] ?? '0'), hash: Buffer.from(match[2] ?? '', 'hex') } : null;
}
