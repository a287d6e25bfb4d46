import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import type { Trx } from '#db/database';
import { inTransaction } from '#db/transaction';
import type { CampaignSettings } from '../domain/campaign';
import { claimTermsOf, claimWindow } from '../domain/claim';
import { type ClaimDetails, readClaim, type TypedClaim } from '../domain/claim-form';
import { claimNumber } from '../domain/claim-number';
import type { Portal } from '../portal';
import { sealClaimDetails } from './parts/claim-details';
import { queueClaimMail } from './parts/claim-mail';

export type ClaimSubmitted =
  /** Also when the same form was sent before: it is one claim. */
  | { readonly kind: 'received'; readonly number: string }
  /** The clock decides at the instant at which it arrives. */
  | { readonly kind: 'outside'; readonly window: 'before' | 'after' }
  /** There is nothing to send, or something is wrong in it: back to the form. */
  | { readonly kind: 'incomplete' };

export interface ClaimRequest {
  /** The secret of the applicant's browser. */
  readonly secret: string;
  readonly language: 'ja' | 'en';
  /** For tags that tell a reviewer what came from one place; they are not kept as they are. */
  readonly clientIp: string;
  readonly device: string;
}

/** Two numbers drawn at random are the same once in 900 million times; three times never. */
const DRAWS = 5;

/**
 * Takes a claim (申請): what stands in the browser's draft becomes a claim with a reference number, once, however
 * often the button is pressed. Nothing is decided about it here.
 */
export async function submitClaim(
  portal: Pick<Portal, 'db' | 'crypto' | 'clock' | 'enqueue'>,
  request: ClaimRequest,
): Promise<ClaimSubmitted> {
  const { crypto } = portal;
  const requestKey = crypto.tag('claim-request', request.secret);
  return inTransaction(portal.db, async (trx): Promise<ClaimSubmitted> => {
    // Who presses twice waits here for the first.
    const draft = await trx
      .selectFrom('claim_drafts')
      .selectAll()
      .where('digest', '=', crypto.tokenDigest('claim', request.secret))
      .forUpdate()
      .executeTakeFirst();
    const before = await trx.selectFrom('claims').select('number').where('request_key', '=', requestKey).executeTakeFirst();
    if (before) return { kind: 'received', number: before.number };
    if (!draft) return { kind: 'incomplete' };
    const now = portal.clock.now();
    const campaign = await findCampaign(trx, draft.campaign_id);
    const terms = campaign && claimTermsOf(campaign.settings as CampaignSettings);
    if (!terms) return { kind: 'outside', window: 'after' };
    const window = claimWindow(terms, now);
    if (window !== 'open') return { kind: 'outside', window };
    const typed = JSON.parse(crypto.open('claim_drafts.typed', draft.id, draft.typed_sealed, draft.typed_key_id)) as TypedClaim;
    const read = readClaim(typed);
    if (!read.ok) return { kind: 'incomplete' };
    const { id, number } = await insertClaim(portal, trx, {
      ...request,
      requestKey,
      campaignId: draft.campaign_id,
      details: read.details,
      now,
    });
    await queueClaimMail(portal, trx, { claimId: id, purpose: 'prove', mail: read.details.mail, now });
    await trx.deleteFrom('claim_drafts').where('digest', '=', draft.digest).execute();
    await appendAudit(trx, {
      id: crypto.newId(now),
      campaignId: draft.campaign_id,
      at: now,
      actor: 'applicant',
      act: 'claim.received',
      subjectKind: 'claim',
      subjectId: id,
      detail: { coupons: read.details.numbers.length },
    });
    return { kind: 'received', number };
  });
}

async function insertClaim(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  of: ClaimRequest & { requestKey: string; campaignId: string; details: ClaimDetails; now: Date },
): Promise<{ id: string; number: string }> {
  const { details, now, campaignId } = of;
  const id = crypto.newId(now);
  const values = {
    id,
    campaign_id: campaignId,
    state: 'received' as const,
    state_at: now,
    ...sealClaimDetails(crypto, id, details),
    language: of.language,
    request_key: of.requestKey,
    origin_tag: crypto.tag('claim-origin', of.clientIp),
    device_tag: crypto.tag('claim-device', of.device),
    received_at: now,
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
