import { countLettersDue, listPrintedLetters } from '#db/letters';
import { listUnopened, listUnreached, type UnopenedPerson, type UnreachedPerson } from '#db/wave-reports';
import type { Portal } from '../portal';

/** People whom no invitation reached for sure, with the reason and when a letter was printed for them: for a letter, or a call. */
export async function findUnreached(
  { db, clock }: Pick<Portal, 'db' | 'clock'>,
  { campaignId, limit }: { campaignId: string; limit: number },
): Promise<{ readonly rows: readonly (UnreachedPerson & { readonly letterAt: Date | null })[]; readonly more: boolean }> {
  const found = await listUnreached(db, { campaignId, now: clock.now(), limit: limit + 1 });
  const shown = found.slice(0, limit);
  const letters = await listPrintedLetters(
    db,
    shown.map(({ grantId }) => grantId),
  );
  return { rows: shown.map((row) => ({ ...row, letterAt: letters.get(row.grantId) ?? null })), more: found.length > limit };
}

/** People with much to receive whose link nobody opened: whom the call centre calls. */
export async function findUnopened(
  { db, clock }: Pick<Portal, 'db' | 'clock'>,
  { campaignId, minYen, limit }: { campaignId: string; minYen: bigint; limit: number },
): Promise<{ readonly rows: readonly UnopenedPerson[]; readonly more: boolean }> {
  const rows = await listUnopened(db, { campaignId, minYen, now: clock.now(), limit: limit + 1 });
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}

/** To how many people of a programme a letter is due. */
export async function countDueLetters({ db, clock }: Pick<Portal, 'db' | 'clock'>, campaignId: string): Promise<number> {
  return countLettersDue(db, { campaignId, now: clock.now() });
}
