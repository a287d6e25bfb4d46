import { findCaseCoupon } from '#db/cases';
import { heldFacts } from '../domain/case-contact';
import { COUPON_FACTS } from '../domain/case-decision';
import { isCouponFactRight } from '../domain/case-form';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { mayGuess, recordWrongFacts } from './parts/case-caller';
import { type CaseStepped, type CaseWork, refuseStep, stepCase } from './parts/case-step';

/** How the caller proved themselves: two facts that we hold, or they answered at the number that we hold. */
export type Proving =
  | { readonly way: 'call_back' }
  | { readonly way: 'facts'; readonly said: readonly { readonly fact: string; readonly text: string }[] };

/** Proves who the caller is, for a case that was taken down without. Wrong facts are on the record, and few. */
export async function identifyCaller(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { proving, ...work }: CaseWork & { proving: Proving },
): Promise<CaseStepped> {
  return stepCase(portal, work, async (trx, row, now) => {
    if (row.identified_at || row.state === 'done' || row.state === 'refused') return refuseStep('not_now');
    const coupon = row.coupon_id === null ? null : await findCaseCoupon(trx, row.coupon_id);
    if (!coupon) return refuseStep('coupon_unknown');
    const held = heldFacts(portal.crypto, coupon);
    const step = { act: 'case.identified', set: { identified_at: now }, note: 'identified' as const };
    if (proving.way === 'call_back') {
      return held.phone === null ? refuseStep('not_held', 'way') : { ...step, reason: 'call_back', detail: { identity: 'call_back' } };
    }
    if (!(await mayGuess(trx, coupon.id, now))) return refuseStep('too_many_today');
    const asked = proving.said.flatMap(({ fact }) => COUPON_FACTS.find((each) => each === fact) ?? []);
    if (new Set(asked).size !== 2 || proving.said.length !== 2) return refuseStep('reason_missing', 'fact1');
    if (!proving.said.every(({ text }, i) => isCouponFactRight(held, asked[i] ?? 'phone', text))) {
      await recordWrongFacts(portal, trx, { coupon, asked, actor: actorOf(work.staff.id), now });
      return refuseStep('identity_wrong', 'fact1');
    }
    return { ...step, reason: 'facts', detail: { identity: asked.join(' ') } };
  });
}
