import path from 'node:path';
import { COMPARED_FIELDS, fieldHeading } from '../domain/coupon-difference';
import { COUPON_COLUMNS, COUPON_PROBLEMS } from '../domain/coupon-row';
import { GRANT_COLUMNS, GRANT_PROBLEMS } from '../domain/grant-row';
import { japanTime } from '../domain/japan-time';
import { PAYMENT_COLUMNS, PAYMENT_PROBLEMS } from '../domain/payment-row';
import type { ProblemText } from '../domain/row-file';
import { importCoupons } from '../services/import-coupons';
import { importGrants } from '../services/import-grants';
import { importPayments } from '../services/import-payments';
import type { DeliveryReport } from '../services/parts/coupons/delivery';
import type { FileCounts, FileImport, FileImportResult } from '../services/parts/import-file';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

export interface FileImportArgs {
  readonly file: string;
  readonly campaign: string;
  readonly dryRun: boolean;
  readonly skipBad: boolean;
  readonly rejected?: string;
  readonly lang: 'ja' | 'en';
  /** Coupons only: when the file's balances were true. */
  readonly asOf?: Date;
  /** Coupons only: brings those that stand up to date, and where the differences are written. */
  readonly update?: boolean;
  readonly differences?: string;
}

interface ImportCommand {
  readonly columns: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, ProblemText<string>>>;
  run(context: CliContext, input: FileImport, args: FileImportArgs): Promise<ImportResult>;
}
type ImportResult = FileImportResult<string> & { readonly delivery?: DeliveryReport };

/** The files of records that can be imported. */
export const FILE_IMPORTS = {
  grants: { columns: GRANT_COLUMNS, problems: GRANT_PROBLEMS, run: importGrants },
  coupons: {
    columns: COUPON_COLUMNS,
    problems: COUPON_PROBLEMS,
    run: (context, input, { asOf, update, differences }) => {
      const differencesFile = differences ?? (input.dryRun ? null : `${input.file}.differences.csv`);
      return importCoupons(context, { ...input, asOf, update, differencesFile });
    },
  },
  payments: { columns: PAYMENT_COLUMNS, problems: PAYMENT_PROBLEMS, run: importPayments },
} as const satisfies Record<string, ImportCommand>;
export type FileImportKind = keyof typeof FILE_IMPORTS;

/** `grants|coupons|payments import FILE --campaign ID [--dry-run] [--skip-bad] [--rejected FILE]` */
export async function fileImport(context: CliContext, terminal: Terminal, kind: FileImportKind, args: FileImportArgs): Promise<ExitCode> {
  const { texts, signal } = terminal;
  const { file, campaign, dryRun, skipBad } = args;
  // A dry run leaves nothing behind, unless it is told where.
  const rejectedFile = args.rejected ?? (dryRun ? null : `${file}.rejected.csv`);
  const written = [rejectedFile, args.differences ?? null].filter((each) => each !== null).map((each) => path.resolve(each));
  if (written.includes(path.resolve(file)) || new Set(written).size < written.length) {
    terminal.refuse({ kind: 'refused', reason: 'same_file' }, [texts.errors.sameFile]);
    return EXIT.usage;
  }
  const command: ImportCommand = FILE_IMPORTS[kind];
  const result = await terminal.withProgress((update) =>
    command.run(
      context,
      {
        campaignId: campaign,
        file,
        actor: context.actor,
        dryRun,
        skipBad,
        rejectedFile,
        signal,
        onProgress: ({ doneBytes, totalBytes }) => update(doneBytes, totalBytes),
      },
      args,
    ),
  );
  return answer(terminal, result, kind, args);
}

function answer(terminal: Terminal, result: ImportResult, kind: FileImportKind, args: FileImportArgs): ExitCode {
  const { texts } = terminal;
  const own = texts.imports[kind];
  const problems = (counts: FileCounts<string>) => problemLines(terminal, counts, kind, args.lang);
  const standing = deliveryLines(terminal, result.delivery, args.update === true);
  switch (result.kind) {
    case 'imported': {
      const left = result.rejected > 0 ? [texts.grants.rejectedSome(result.rejected), ...problems(result)] : [];
      terminal.answer(result, [own.imported(result.accepted, texts.yen(result.totalYen)), ...standing, ...left]);
      return EXIT.ok;
    }
    case 'checked':
      terminal.answer(result, [own.checked(result.rows, result.accepted, texts.yen(result.totalYen)), ...standing, ...problems(result)]);
      return result.rejected > 0 ? EXIT.refused : EXIT.ok;
    case 'rejected': {
      const hint = result.accepted > 0 ? [texts.grants.skipHint] : [];
      return terminal.refuse(result, [texts.grants.rejectedNone(result.rejected, result.rows), ...problems(result), ...hint]);
    }
    case 'repeated': {
      const { at, acceptedCount, totalYen } = result.past;
      terminal.answer(result, [texts.repeated(japanTime(at), acceptedCount, texts.yen(totalYen))]);
      return EXIT.ok;
    }
    case 'refused':
      return terminal.refuse(result, refusalLines(terminal, result, args));
  }
}

function deliveryLines({ texts }: Terminal, delivery: DeliveryReport | undefined, update: boolean): string[] {
  if (!delivery) return [];
  const { unchanged, changed, renewed, differences, differencesFile } = delivery;
  return [
    texts.coupons.standing(unchanged, changed, renewed),
    ...COMPARED_FIELDS.flatMap((field) => {
      const count = differences[field];
      return count ? [texts.coupons.differing(fieldHeading(field), count)] : [];
    }),
    ...(differencesFile ? [texts.coupons.differencesFile(differencesFile)] : []),
    ...(changed > 0 && !update ? [texts.coupons.updateHint] : []),
  ];
}

function refusalLines({ texts }: Terminal, result: FileImportResult<string> & { kind: 'refused' }, about: FileImportArgs): string[] {
  switch (result.reason) {
    case 'campaign_unknown':
      return [texts.campaignUnknown(about.campaign)];
    case 'busy':
      return [texts.busy];
    case 'collision':
      return [texts.collision];
    case 'cut_off':
      return [texts.cutoff.registerClosed];
    case 'no_rows':
      return [`${about.file}: ${texts.noRows}`];
    case 'file':
      return [`${about.file}: ${result.row === undefined ? '' : `${texts.atRow(result.row)}: `}${texts.file[result.trouble]}`];
    case 'header':
      return result.header.map(({ kind, column }) => `${about.file}: ${texts.header[kind](column)}`);
  }
}

function problemLines({ texts }: Terminal, counts: FileCounts<string>, kind: FileImportKind, lang: 'ja' | 'en'): string[] {
  const { columns, problems }: ImportCommand = FILE_IMPORTS[kind];
  const sentence = (problem: string) => {
    const text = problems[problem];
    return `${text?.column ? `${columns[text.column]}: ` : ''}${text?.[lang] ?? problem}`;
  };
  const lines = counts.examples.map(
    ({ row, number, problems: own }) => `  ${texts.atRow(row)}  ${printable(number)}  ${own.map(sentence).join(' / ')}`,
  );
  if (counts.rejected > counts.examples.length) lines.push(`  ${texts.grants.more(counts.rejected - counts.examples.length)}`);
  if (counts.rejectedFile) lines.push(texts.grants.rejectedFile(counts.rejectedFile));
  return lines;
}

/** What stands in a file may hold anything, and a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
}
