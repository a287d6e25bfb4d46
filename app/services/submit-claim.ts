import { sql } from 'kysely';
import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { findDraftRow } from '#db/claim-drafts';
import type { Trx } from '#db/database';
import { inTransaction } from '#db/transaction';
import { claimTermsOf, claimWindow } from '../domain/claim';
import { type ClaimDetails, readClaim, type TypedClaim, tryOpenClaimDraft } from '../domain/claim-form';
import { claimDraftDigest, claimRequestKeys, claimSaid } from '../domain/claim-key';
import { claimNumber } from '../domain/claim-number';
import type { Portal } from '../portal';
import { sealClaimDetails } from './parts/claim-details';
import { queueClaimMail } from './parts/claim-mail';

export type ClaimSubmitted =
  /** Also when the same was sent before: it is one claim. `said` tells it from this browser's others. */
  | { readonly kind: 'received'; readonly number: string; readonly said: string }
  /** The clock decides at the instant at which it arrives. */
  | { readonly kind: 'outside'; readonly window: 'before' | 'after' }
  /** Something is wrong in it: back to the form. */
  | { readonly kind: 'incomplete' };

export interface ClaimRequest {
  /** The secret of the applicant's browser. */
  readonly secret: string;
  readonly campaignId: string;
  /** What stood on the page on which the button was pressed. */
  readonly typed: TypedClaim;
  /** When the request came in; the clock is asked when it is left out. */
  readonly arrivedAt?: Date;
  readonly language: 'ja' | 'en';
  /** For tags that tell a reviewer what came from one place; they are not kept as they are. */
  readonly clientIp: string;
  readonly device: string;
}

/** Two numbers drawn at random are the same once in 900 million times; three times never. */
const DRAWS = 5;

/**
 * Takes a claim (申請): what the applicant saw and confirmed becomes a claim with a reference number, once, however often
 * the button is pressed and whatever is typed in another tab. Nothing is decided about it here.
 */
export async function submitClaim(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock' | 'enqueue'>,
  request: ClaimRequest,
): Promise<ClaimSubmitted> {
  const { crypto } = portal;
  const { campaignId, secret } = request;
  // Whatever the request waits for below, it was in time or it was not.
  const arrivedAt = request.arrivedAt ?? portal.clock.now();
  const read = readClaim(request.typed);
  if (!read.ok) return { kind: 'incomplete' };
  const { details } = read;
  const said = claimSaid(crypto, details);
  const keys = claimRequestKeys(crypto, { campaignId, secret, said });
  return inTransaction(portal.db, async (trx): Promise<ClaimSubmitted> => {
    // Who presses twice waits here for the first.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`claim ${keys[0]}`}, 0))`.execute(trx);
    const before = await trx
      .selectFrom('claims')
      .select(['number', 'state'])
      .where('campaign_id', '=', campaignId)
      .where('request_key', 'in', keys)
      .orderBy('received_at', 'desc')
      .execute();
    const [last] = before;
    const requestKey = keys[before.length];
    // After a no the same may be claimed again; it is another claim.
    if (last && (last.state !== 'refused' || !requestKey)) return { kind: 'received', number: last.number, said };
    const campaign = await findCampaign(trx, campaignId);
    const terms = campaign && claimTermsOf(campaign.settings);
    if (!terms || !requestKey) return { kind: 'outside', window: 'after' };
    const window = claimWindow(terms, arrivedAt);
    if (window !== 'open') return { kind: 'outside', window };
    const now = portal.clock.now();
    const { id, number } = await insertClaim(portal, trx, { ...request, requestKey, details, now, arrivedAt });
    await queueClaimMail(portal, trx, { claimId: id, purpose: 'prove', mail: details.mail, now });
    // What was typed since then, or of somebody else in another tab, stays.
    const draft = await findDraftRow(trx, claimDraftDigest(crypto, { campaignId, secret }));
    const kept = draft && tryOpenClaimDraft(crypto, draft);
    const typed = kept && readClaim(kept);
    if (draft && typed?.ok && claimSaid(crypto, typed.details) === said)
      await trx.deleteFrom('claim_drafts').where('id', '=', draft.id).execute();
    await appendAudit(trx, {
      id: crypto.newId(now),
      campaignId,
      at: now,
      actor: 'applicant',
      act: 'claim.received',
      subjectKind: 'claim',
      subjectId: id,
      detail: { coupons: details.numbers.length },
    });
    return { kind: 'received', number, said };
  });
}

async function insertClaim(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  of: ClaimRequest & { requestKey: string; details: ClaimDetails; now: Date; arrivedAt: Date },
): Promise<{ id: string; number: string }> {
  const { details, now, arrivedAt, campaignId } = of;
  const id = crypto.newId(now);
  const values = {
    id,
    campaign_id: campaignId,
    state: 'received' as const,
    state_at: arrivedAt,
    ...sealClaimDetails(crypto, id, details),
    language: of.language,
    request_key: of.requestKey,
    origin_tag: crypto.tag('claim-origin', of.clientIp),
    device_tag: crypto.tag('claim-device', of.device),
    received_at: arrivedAt,
    link_key_id: crypto.linkKeyId,
  };
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const number = claimNumber(BigInt(`0x${Buffer.from(crypto.newKey(), 'base64url').toString('hex')}`));
    const [written] = await trx
      .insertInto('claims')
      .values({ ...values, number })
      .onConflict((conflict) => conflict.column('number').doNothing())
      .returning('number')
      .execute();
    if (!written) continue;
    await trx
      .insertInto('claim_coupons')
      .values(details.numbers.map((inquiry_number, i) => ({ claim_id: id, campaign_id: campaignId, position: i + 1, inquiry_number })))
      .execute();
    return { id, number };
  }
  throw new Error('no reference number is free');
}
