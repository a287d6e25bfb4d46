import { lockSlot } from '#db/issuances';
import { attemptFacts, listAttempts } from '#db/redemptions';
import { claimStockCode, markStockClaimed } from '#db/stock-claims';
import { inTransaction } from '#db/transaction';
import { japanDay } from '../../domain/japan-time';
import { attemptInstant, codeSituation } from '../../domain/redemption';
import type { Portal } from '../../portal';
import { finishStep, postIssued } from './settling';

/** What is sealed in a stock row. */
interface StockContent {
  readonly code: string;
  readonly pin?: string;
  readonly url?: string;
  readonly managementNo?: string;
}

/**
 * Hands out a bought code: attempt, claim and settlement in one transaction, so that nothing can be in
 * doubt. The code that expires first goes first. An empty shelf is a sure `out_of_stock`.
 */
export async function issueFromStock(portal: Portal, codeId: string): Promise<'nothing_to_do' | 'asked'> {
  return inTransaction(portal.db, async (trx) => {
    const slot = await lockSlot(trx, codeId);
    if (!slot) return 'nothing_to_do';
    const { code, redemption } = slot;
    const attempts = (await listAttempts(trx, [codeId])).get(codeId) ?? [];
    const situation = codeSituation(attempts.map(attemptFacts), code.returned_at !== null);
    if (situation !== 'waiting') return 'nothing_to_do';

    const now = portal.clock.now();
    const id = portal.crypto.newId(now);
    const stock = await claimStockCode(trx, {
      campaignId: redemption.campaign_id,
      provider: redemption.provider,
      yen: code.yen,
      today: japanDay(now),
    });
    await trx
      .insertInto('issuances')
      .values({
        id,
        code_id: codeId,
        campaign_id: redemption.campaign_id,
        provider: redemption.provider,
        yen: code.yen,
        provider_key: stock ? `stock:${stock.id}` : `stock:none:${id}`,
        state: 'open',
        calls: 1,
        called_at: now,
        created_at: attemptInstant(now, attempts),
      })
      .execute();
    const update = trx.updateTable('issuances').where('id', '=', id);
    if (!stock) {
      await update.set({ state: 'declined', reason: 'out_of_stock', settled_at: now }).execute();
      await finishStep(portal, trx, slot, now);
      return 'asked';
    }

    const content = JSON.parse(portal.crypto.open('stock_codes.code', stock.id, stock.code_sealed, stock.code_key_id)) as StockContent;
    const { sealed, keyId } = portal.crypto.seal(
      'issuances.code',
      id,
      JSON.stringify({ code: content.code, pin: content.pin, url: content.url }),
    );
    await update
      .set({
        state: 'issued',
        reference: `stock:${stock.id}`,
        digest: stock.digest,
        code_sealed: sealed,
        code_key_id: keyId,
        last4: content.code.slice(-4),
        management_no: content.managementNo ?? null,
        expires_on: stock.expires_on,
        settled_at: now,
      })
      .execute();
    await markStockClaimed(trx, { stockId: stock.id, issuanceId: id, now });
    await postIssued(portal, trx, slot, now);
    await finishStep(portal, trx, slot, now);
    return 'asked';
  });
}
