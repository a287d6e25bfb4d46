import type { PersonFacts, RedemptionFacts } from '../app/domain/acts';
import { isFrozen } from '../app/domain/deadline';
import { codeSituation } from '../app/domain/redemption';
import { CODE_COLUMNS, REDEMPTION_COLUMNS } from './columns';
import type { Db, Trx } from './database';
import { findGrantSheet } from './grants';
import { attemptFacts, listAttempts } from './redemptions';

/** All that the rules about a person ask for. Read it behind the grant's lock when deciding. */
export async function findPersonFacts(db: Db | Trx, { grantId, now }: { grantId: string; now: Date }): Promise<PersonFacts | null> {
  const sheet = await findGrantSheet(db, grantId);
  if (!sheet) return null;
  const { grant } = sheet;
  const { redeem_until } = await db
    .selectFrom('campaigns')
    .select('redeem_until')
    .where('id', '=', grant.campaign_id)
    .executeTakeFirstOrThrow();
  return {
    grantId: grant.id,
    campaignId: grant.campaign_id,
    deadlineAt: grant.deadline_at,
    programmeDeadlineAt: redeem_until,
    frozenAt: grant.frozen_at,
    frozenUntil: grant.frozen_until,
    frozen: isFrozen(now, grant.frozen_at, grant.frozen_until),
    residualYen: sheet.residualYen,
    lapsedYen: sheet.lapsedYen,
    redemptions: sheet.hasRedemptions ? await listRedemptionFacts(db, grantId) : [],
  };
}

async function listRedemptionFacts(db: Db | Trx, grantId: string): Promise<RedemptionFacts[]> {
  const redemptions = await db
    .selectFrom('redemptions')
    .select(REDEMPTION_COLUMNS)
    .where('grant_id', '=', grantId)
    .where('state', '<>', 'cancelled')
    .orderBy('created_at', 'desc')
    .orderBy('position')
    .execute();
  if (redemptions.length === 0) return [];
  const codes = await db
    .selectFrom('codes')
    .select(CODE_COLUMNS)
    .where(
      'redemption_id',
      'in',
      redemptions.map(({ id }) => id),
    )
    .orderBy('position')
    .execute();
  const attempts = await listAttempts(
    db,
    codes.map(({ id }) => id),
  );
  return redemptions.map((redemption) => ({
    id: redemption.id,
    provider: redemption.provider,
    source: redemption.source,
    yen: redemption.yen,
    state: redemption.state,
    acceptedAt: redemption.accepted_at,
    codes: codes
      .filter((code) => code.redemption_id === redemption.id)
      .map((code) => {
        const own = attempts.get(code.id) ?? [];
        const last = own.at(-1);
        return {
          id: code.id,
          yen: code.yen,
          situation: codeSituation(own.map(attemptFacts), code.returned_at !== null),
          attempt: last
            ? {
                id: last.id,
                calls: last.calls,
                cause: last.cause,
                reason: last.reason,
                createdAt: last.created_at,
                leasedUntil: last.leased_until,
                handedOver: last.handed_over_at !== null,
                last4: last.last4,
                settledAt: last.settled_at,
              }
            : null,
        };
      }),
  }));
}
