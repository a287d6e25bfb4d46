import { findCampaign } from '#db/campaigns';
import { type LetterRow, listLetters } from '#db/letters';
import { openContact } from '../domain/contact';
import { phraseOf, writePhrase } from '../domain/phrase';
import { letterOf } from '../messages/letter';
import { LetterPdf, printable } from '../messages/letter-pdf';
import type { Portal } from '../portal';

export interface PrintedLetters {
  readonly printed: number;
  /** Grant numbers whose page is left out: finished meanwhile, the link died, or the contact cannot be opened. */
  readonly leftOut: readonly string[];
  /** Grant numbers whose name has characters that the font lacks: written in by hand at 〓. */
  readonly byHand: readonly string[];
}

const PAGE_SIZE = 200;

/**
 * Draws the letters of a batch into a file, a page each, in the order of the batch. Links are derived now and kept
 * nowhere else: the file is as secret as the links in it. The batch counts as printed by `markPrinted` of the caller,
 * once the file is whole.
 * @throws when the signal ends it; the file is then not whole
 */
export async function printLetters(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  request: {
    batchId: string;
    campaignId: string;
    publicUrl: string;
    out: NodeJS.WritableStream;
    signal: AbortSignal;
    onProgress(done: number): void;
  },
): Promise<PrintedLetters> {
  const { batchId, campaignId, signal } = request;
  const campaign = await findCampaign(portal.db, campaignId);
  if (!campaign) throw new Error(`campaign ${campaignId} is gone`);
  const { settings } = campaign;
  const pdf = new LetterPdf(request.out);
  const leftOut: string[] = [];
  const byHand: string[] = [];
  let printed = 0;
  let after = 0;
  for (;;) {
    const rows = await listLetters(portal.db, { batchId, after, limit: PAGE_SIZE });
    if (rows.length === 0) break;
    for (const row of rows) {
      signal.throwIfAborted();
      after = row.position;
      const name = isStillDue(row, portal.clock.now()) ? readName(portal, row) : null;
      if (name === null) {
        leftOut.push(row.number);
        continue;
      }
      if (!name.whole) byHand.push(row.number);
      pdf.add(
        letterOf({
          programme: settings.name,
          office: settings.office,
          callCentre: settings.callCentre,
          senders: settings.senders,
          name: name.text,
          number: row.number,
          yen: row.residualYen,
          deadlineAt: row.deadlineAt,
          link: `${request.publicUrl}/r/${portal.crypto.linkToken(row.grantId, row.linkGeneration, row.linkKeyId)}`,
          phrase: writePhrase(phraseOf(portal.crypto.linkDraw(row.grantId, row.linkGeneration, row.linkKeyId)), 'ja'),
          writtenAt: portal.clock.now(),
        }),
      );
      printed += 1;
      request.onProgress(after);
    }
  }
  await pdf.end();
  return { printed, leftOut, byHand };
}

function isStillDue(row: LetterRow, now: Date): boolean {
  return row.linkGeneration === row.currentGeneration && row.residualYen > 0n && row.deadlineAt > now;
}

/** Null: the contact cannot be opened. A person without a name gets the letter all the same. */
function readName({ crypto }: Pick<Portal, 'crypto'>, row: LetterRow): { text: string; whole: boolean } | null {
  try {
    const sealed = { id: row.recipientId, contact_sealed: row.contactSealed, contact_key_id: row.contactKeyId };
    return printable(openContact(crypto, sealed).name ?? '受取人');
  } catch {
    return null;
  }
}
