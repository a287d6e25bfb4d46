import path from 'node:path';
import { GRANT_COLUMNS, GRANT_PROBLEMS, type GrantProblem } from '../domain/grant-row';
import { japanTime } from '../domain/japan-time';
import { type GrantCounts, type GrantImportResult, importGrants } from '../services/import-grants';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

export interface GrantsImportArgs {
  readonly file: string;
  readonly campaign: string;
  readonly dryRun: boolean;
  readonly skipBad: boolean;
  readonly rejected?: string;
  readonly lang: 'ja' | 'en';
}

/** `grants import FILE --campaign ID [--dry-run] [--skip-bad] [--rejected FILE]` */
export async function grantsImport(context: CliContext, terminal: Terminal, args: GrantsImportArgs): Promise<ExitCode> {
  const { texts, signal } = terminal;
  const { file, campaign, dryRun, skipBad } = args;
  // A dry run leaves nothing behind, unless it is told where.
  const rejectedFile = args.rejected ?? (dryRun ? null : `${file}.rejected.csv`);
  if (rejectedFile !== null && path.resolve(rejectedFile) === path.resolve(file)) {
    terminal.refuse({ kind: 'refused', reason: 'same_file' }, [texts.errors.sameFile]);
    return EXIT.usage;
  }
  const result = await terminal.withProgress((update) =>
    importGrants(context, {
      campaignId: campaign,
      file,
      actor: context.actor,
      dryRun,
      skipBad,
      rejectedFile,
      signal,
      onProgress: ({ doneBytes, totalBytes }) => update(doneBytes, totalBytes),
    }),
  );
  return answer(terminal, result, args);
}

function answer(terminal: Terminal, result: GrantImportResult, { campaign, file, lang }: GrantsImportArgs): ExitCode {
  const { texts } = terminal;
  switch (result.kind) {
    case 'imported': {
      const left = result.rejected > 0 ? [texts.grants.rejectedSome(result.rejected), ...problemLines(terminal, result, lang)] : [];
      terminal.answer(result, [texts.grants.imported(result.accepted, texts.yen(result.totalYen)), ...left]);
      return EXIT.ok;
    }
    case 'checked': {
      const lines = [
        texts.grants.checked(result.rows, result.accepted, texts.yen(result.totalYen)),
        ...problemLines(terminal, result, lang),
      ];
      terminal.answer(result, lines);
      return result.rejected > 0 ? EXIT.refused : EXIT.ok;
    }
    case 'rejected': {
      const hint = result.accepted > 0 ? [texts.grants.skipHint] : [];
      return terminal.refuse(result, [
        texts.grants.rejectedNone(result.rejected, result.rows),
        ...problemLines(terminal, result, lang),
        ...hint,
      ]);
    }
    case 'repeated': {
      const { at, acceptedCount, totalYen } = result.past;
      terminal.answer(result, [texts.repeated(japanTime(at), acceptedCount, texts.yen(totalYen))]);
      return EXIT.ok;
    }
    case 'refused':
      return terminal.refuse(result, refusalLines(terminal, result, { campaign, file }));
  }
}

function refusalLines(
  { texts }: Terminal,
  result: GrantImportResult & { kind: 'refused' },
  about: { campaign: string; file: string },
): string[] {
  switch (result.reason) {
    case 'campaign_unknown':
      return [texts.campaignUnknown(about.campaign)];
    case 'busy':
      return [texts.busy];
    case 'collision':
      return [texts.collision];
    case 'no_rows':
      return [`${about.file}: ${texts.noRows}`];
    case 'file':
      return [`${about.file}: ${result.row === undefined ? '' : `${texts.atRow(result.row)}: `}${texts.file[result.trouble]}`];
    case 'header':
      return result.header.map(({ kind, column }) => `${about.file}: ${texts.header[kind](column)}`);
  }
}

function problemLines({ texts }: Terminal, counts: GrantCounts, lang: 'ja' | 'en'): string[] {
  const sentence = (problem: GrantProblem) => {
    const { column } = GRANT_PROBLEMS[problem];
    return `${column ? `${GRANT_COLUMNS[column]}: ` : ''}${GRANT_PROBLEMS[problem][lang]}`;
  };
  const lines = counts.examples.map(
    ({ row, number, problems }) => `  ${texts.atRow(row)}  ${printable(number)}  ${problems.map(sentence).join(' / ')}`,
  );
  if (counts.rejected > counts.examples.length) lines.push(`  ${texts.grants.more(counts.rejected - counts.examples.length)}`);
  if (counts.rejectedFile) lines.push(texts.grants.rejectedFile(counts.rejectedFile));
  return lines;
}

/** What stands in a file may hold anything, and a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
}
