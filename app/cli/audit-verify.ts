import { headText, readHead } from '../domain/chain';
import { type ChainFault, verifyAuditChain } from '../views/audit-chain';
import { listProofHeads } from '../views/day-proofs';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `audit verify [--head SEQ:HASH …] [--public-key ID:BASE64 …]`: exit code 1 at the first fault. Heads in proofs of days count as given. */
export async function auditVerify(
  context: CliContext,
  terminal: Terminal,
  args: { head: readonly string[]; publicKey: readonly string[] },
): Promise<ExitCode> {
  const { texts } = terminal;
  const heads = args.head.map(readHead);
  if (heads.includes(null)) {
    terminal.refuse({ kind: 'refused', reason: 'head' }, [texts.audit.badHead]);
    return EXIT.usage;
  }
  const own = context.signer ? [context.signer.publicKey] : [];
  const proven = await listProofHeads(context.db);
  const report = await terminal.withProgress((update) =>
    verifyAuditChain(context.db, {
      publicKeys: [...own, ...args.publicKey],
      heads: [...heads.filter((head) => head !== null), ...proven],
      onProgress: (done, total) => update(Number(done), Number(total)),
      signal: terminal.signal,
    }),
  );
  const head = headText(report.head);
  const result = { kind: report.fault ? 'broken' : 'whole', ...report, head };
  if (report.fault) return terminal.refuse(result, [texts.audit.fault[report.fault.kind](placeOf(report.fault))]);
  const unsigned = report.signatures === 0 ? [texts.audit.unsigned] : [];
  terminal.answer(result, [
    texts.audit.whole(Number(report.entries), report.anchors, report.signatures),
    texts.audit.head(head),
    ...unsigned,
  ]);
  return EXIT.ok;
}

function placeOf(fault: ChainFault): string {
  const seq = 'seq' in fault ? String(fault.seq) : '';
  return 'entryId' in fault ? [seq, fault.entryId].filter(Boolean).join(' ') : seq;
}
