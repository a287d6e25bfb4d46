import { japanTime } from '../domain/japan-time';
import { loadStock, type StockLoadResult } from '../services/load-stock';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

export interface StockLoadArgs {
  readonly file: string;
  readonly campaign: string;
  readonly provider: string;
  readonly yen?: number;
}

/** `stock load FILE --campaign ID --provider ID [--yen N]` */
export async function stockLoad(context: CliContext, terminal: Terminal, args: StockLoadArgs): Promise<ExitCode> {
  const { texts } = terminal;
  const reader = context.stockReader(args.provider);
  if (!reader)
    return terminal.refuse({ kind: 'refused', reason: 'offer_unknown' }, [texts.stock.offerUnknown(args.provider, args.campaign)]);
  const result = await terminal.withCount((update) =>
    loadStock(context, {
      campaignId: args.campaign,
      provider: args.provider,
      file: args.file,
      yen: args.yen,
      reader,
      actor: context.actor,
      onProgress: ({ rows }) => update(rows),
      signal: terminal.signal,
    }),
  );
  return answer(terminal, result, args);
}

function answer(terminal: Terminal, result: StockLoadResult, args: StockLoadArgs): ExitCode {
  const { texts } = terminal;
  switch (result.kind) {
    case 'loaded':
      terminal.answer(result, [
        texts.stock.loaded(result.rows, texts.yen(result.totalYen)),
        ...result.faces.map((face) => `  ${texts.campaign.show.codes(texts.yen(BigInt(face.yen)), face.codes)}`),
      ]);
      return EXIT.ok;
    case 'repeated': {
      const { at, acceptedCount, totalYen } = result.past;
      terminal.answer(result, [texts.repeated(japanTime(at), acceptedCount, texts.yen(totalYen))]);
      return EXIT.ok;
    }
    case 'rejected': {
      const named = result.problems.map(
        ({ row, problem, firstRow }) =>
          `  ${texts.atRow(row)}  ${texts.stock.problems[problem] ?? problem}${firstRow === undefined ? '' : texts.stock.firstRow(firstRow)}`,
      );
      const more = result.rejected > named.length ? [`  ${texts.grants.more(result.rejected - named.length)}`] : [];
      return terminal.refuse(result, [texts.stock.rejected(result.rejected, result.rows), ...named, ...more]);
    }
    case 'refused':
      return terminal.refuse(result, [refusalLine(terminal, result, args)]);
  }
}

function refusalLine({ texts }: Terminal, result: StockLoadResult & { kind: 'refused' }, args: StockLoadArgs): string {
  switch (result.reason) {
    case 'offer_unknown':
      return texts.stock.offerUnknown(args.provider, args.campaign);
    case 'face_value_missing':
      return texts.stock.faceValueMissing;
    case 'busy':
      return texts.busy;
    case 'collision':
      return texts.collision;
    case 'no_rows':
      return `${args.file}: ${texts.noRows}`;
    case 'file':
      return `${args.file}: ${texts.file[result.trouble]}`;
  }
}
