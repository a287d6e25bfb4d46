import { sql } from 'kysely';
import { appendAudit, countAudits } from '#db/audit';
import type { CaseCouponRow } from '#db/cases';
import type { Trx } from '#db/database';
import type { CouponFact } from '../../domain/case-decision';
import type { Portal } from '../../portal';

const WRONG = 'case.identity_wrong';
/** How often somebody may fail to prove themselves for one coupon within a day. */
const GUESSES_A_DAY = 5;
const DAY_MS = 86_400_000;

/** Whether facts of a coupon may still be tried today. Who tries at the same moment waits until the first is written down. */
export async function mayGuess(trx: Trx, couponId: string, now: Date): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`case facts ${couponId}`}, 0))`.execute(trx);
  const since = new Date(now.getTime() - DAY_MS);
  return (await countAudits(trx, { subject: { kind: 'coupon', id: couponId }, act: WRONG, since })) < GUESSES_A_DAY;
}

/** Writes down that facts were wrong: which were asked, never what was said. */
export async function recordWrongFacts(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  of: { coupon: Pick<CaseCouponRow, 'id' | 'campaign_id'>; asked: readonly CouponFact[]; actor: string; now: Date },
): Promise<void> {
  await appendAudit(trx, {
    id: crypto.newId(of.now),
    campaignId: of.coupon.campaign_id,
    at: of.now,
    actor: of.actor,
    act: WRONG,
    subjectKind: 'coupon',
    subjectId: of.coupon.id,
    detail: { asked: of.asked.join(' ') },
  });
}
