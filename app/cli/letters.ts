import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { findCampaign } from '#db/campaigns';
import { countLettersDue, findLetterBatch, listUnprintedBatches } from '#db/letters';
import { markLettersPrinted } from '../services/mark-letters-printed';
import { openLetterBatch } from '../services/open-letter-batch';
import { printLetters } from '../services/print-letters';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

export interface LettersArgs {
  readonly campaign: string;
  /** The folder for the files; left out: only tells how many are due. */
  readonly out?: string;
  readonly batch: number;
  /** Prints this batch once more. */
  readonly again?: number;
}

interface Batch {
  readonly id: string;
  readonly number: number;
  readonly letters: number;
}

/**
 * `letters --campaign ID [--out FOLDER] [--batch N] [--again NUMBER]`: a PDF for each batch. A batch is on the record
 * before it is drawn; one whose file was not finished is drawn first, so a run that was cut off loses no letter.
 */
export async function letters(context: CliContext, terminal: Terminal, args: LettersArgs): Promise<ExitCode> {
  const { texts } = terminal;
  const { campaign: campaignId, out, again } = args;
  if (!(await findCampaign(context.db, campaignId))) {
    return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [texts.campaignUnknown(campaignId)]);
  }
  if (out === undefined) {
    const due = await countLettersDue(context.db, { campaignId, now: context.clock.now() });
    terminal.answer({ kind: 'due', letters: due }, [texts.letters.due(due)]);
    return EXIT.ok;
  }
  const { publicUrl } = context;
  if (publicUrl === null) return terminal.refuse({ kind: 'refused', reason: 'no_public_url' }, [texts.letters.noPublicUrl]);
  // Links are bearer rights: nobody else on the machine may look in.
  const isFolder = await mkdir(out, { recursive: true, mode: 0o700 })
    .then(() => stat(out))
    .then(
      (found) => found.isDirectory(),
      () => false,
    );
  if (!isFolder) return terminal.refuse({ kind: 'refused', reason: 'no_folder' }, [texts.letters.noFolder(out)]);

  const files: object[] = [];
  const lines: string[] = [];
  const print = async (batch: Batch): Promise<boolean> => {
    const file = path.join(out, `letters-${campaignId}-${String(batch.number).padStart(4, '0')}.pdf`);
    const result = await printToFile(context, terminal, { batch, campaignId, publicUrl, file });
    if (!result) {
      terminal.refuse({ kind: 'refused', reason: 'unwritable', files }, [...lines, texts.errors.unwritable(file)]);
      return false;
    }
    files.push({ file, batch: batch.number, ...result });
    lines.push(texts.letters.printed(file, result.printed));
    if (result.leftOut.length > 0) lines.push(texts.letters.leftOut(result.leftOut.join(' ')));
    if (result.byHand.length > 0) lines.push(texts.letters.byHand(result.byHand.join(' ')));
    return true;
  };

  if (again !== undefined) {
    const batch = await findLetterBatch(context.db, { campaignId, number: again });
    if (!batch) return terminal.refuse({ kind: 'refused', reason: 'batch_unknown' }, [texts.letters.batchUnknown(again)]);
    if (!(await print(batch))) return EXIT.refused;
  } else {
    for (const batch of await listUnprintedBatches(context.db, campaignId)) if (!(await print(batch))) return EXIT.refused;
    for (;;) {
      terminal.signal.throwIfAborted();
      const batch = await openLetterBatch(context, { campaignId, limit: args.batch, actor: context.actor });
      if (!batch) break;
      if (!(await print(batch))) return EXIT.refused;
    }
  }
  terminal.answer({ kind: 'printed', files }, [...lines, ...(files.length > 0 ? [texts.letters.secret] : [texts.letters.none])]);
  return EXIT.ok;
}

/** Null: the file is there already or cannot be written. A file under its name is always whole. */
async function printToFile(
  context: CliContext,
  terminal: Terminal,
  { batch, campaignId, publicUrl, file }: { batch: Batch; campaignId: string; publicUrl: string; file: string },
) {
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (there) return null;
  const part = `${file}.part`;
  // Links are bearer rights: nobody else on the machine may read them.
  const stream = createWriteStream(part, { mode: 0o600 });
  const written = finished(stream);
  written.catch(() => undefined);
  try {
    const result = await terminal.withProgress((update) =>
      printLetters(context, {
        batchId: batch.id,
        campaignId,
        publicUrl,
        out: stream,
        signal: terminal.signal,
        onProgress: (done) => update(done, batch.letters),
      }),
    );
    const couldWrite = await written.then(
      () => true,
      () => false,
    );
    if (!couldWrite) return null;
    await rename(part, file);
    await markLettersPrinted(context, { batchId: batch.id, printed: result.printed, actor: context.actor });
    return result;
  } finally {
    await rm(part, { force: true });
  }
}
