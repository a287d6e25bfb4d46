import { readFile, writeFile } from 'node:fs/promises';
import { checkDayProofs, listDayProofLines } from '../views/day-proofs';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `proof export --out FILE`: every campaign's chain as JSON lines. An existing file stays. */
export async function proofExport(context: CliContext, terminal: Terminal, { out }: { out: string }): Promise<ExitCode> {
  const lines = await listDayProofLines(context.db, null);
  await writeFile(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx' });
  terminal.answer({ kind: 'exported', records: lines.length, file: out }, [terminal.texts.dayProof.exported(lines.length, out)]);
  return EXIT.ok;
}

/** `proof --since DAY --file EXPORT`: checks an export without a database. Exit code 1 names the first bad record. */
export async function proofSince(
  terminal: Terminal,
  { since, file, publicKey }: { since: string; file: string; publicKey: readonly string[] },
): Promise<ExitCode> {
  const text = await readFile(file, 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return sayChain(terminal, lines, since, publicKey);
}

/** `proof --since DAY`: the same over the database's own chain. */
export async function proofSinceStored(
  context: CliContext,
  terminal: Terminal,
  { since, publicKey }: { since: string; publicKey: readonly string[] },
): Promise<ExitCode> {
  const lines = (await listDayProofLines(context.db, null)).map((line) => JSON.stringify(line));
  return sayChain(terminal, lines, since, publicKey);
}

function sayChain(terminal: Terminal, lines: readonly string[], since: string, publicKeys: readonly string[]): ExitCode {
  const { dayProof } = terminal.texts;
  if (!DAY.test(since) || Number.isNaN(Date.parse(since))) {
    terminal.refuse({ kind: 'refused', reason: 'day' }, [dayProof.badDay]);
    return EXIT.usage;
  }
  const report = checkDayProofs(lines, { since, publicKeys });
  const result = { kind: report.fault ? 'broken' : 'whole', ...report };
  if (report.fault) {
    const { kind, line, campaign, day } = report.fault;
    return terminal.refuse(result, [dayProof.fault[kind](`${line}: ${campaign} ${day}`.trim())]);
  }
  terminal.answer(result, [dayProof.whole(report.records, report.signatures), ...(report.signatures === 0 ? [dayProof.unsigned] : [])]);
  return EXIT.ok;
}
