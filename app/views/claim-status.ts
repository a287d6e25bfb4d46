import type { ClaimState } from '../domain/claim';
import { claimRequestKeys } from '../domain/claim-key';
import { readClaimNumber } from '../domain/claim-number';
import { normaliseMail, readAnyPhone, readMail } from '../domain/contact';
import type { Portal } from '../portal';

/** A claim as its applicant sees it. */
export interface ClaimStatus {
  readonly campaignId: string;
  readonly number: string;
  readonly state: ClaimState;
  /** Why it was refused, or what is asked for. */
  readonly reason: string | null;
  readonly receivedAt: Date;
  /** When staff last put an inquiry number of it right. */
  readonly correctedAt: Date | null;
}

const COLUMNS = ['id', 'campaign_id', 'number', 'state', 'reason', 'received_at'] as const;

/** A claim by its reference number and one more fact: the telephone number or the mail address. Either wrong: null. */
export async function findClaimStatus(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { number: typed, fact }: { number: string; fact: string },
): Promise<ClaimStatus | null> {
  const { crypto } = portal;
  const number = readClaimNumber(typed);
  const phone = readAnyPhone(fact);
  const mail = readMail(fact);
  if (!number || (!phone && !mail)) return null;
  const indexes = phone ? crypto.indexAll('phone', phone) : crypto.indexAll('mail', normaliseMail(mail ?? ''));
  const row = await portal.db
    .selectFrom('claims')
    .select(COLUMNS)
    .where('number', '=', number)
    .where(phone ? 'phone_index' : 'mail_index', 'in', indexes)
    .executeTakeFirst();
  return row ? statusOf(portal.db, row) : null;
}

/** The claim that was sent from a browser and says this (`claimSaid`). */
export async function findOwnClaim(
  portal: Pick<Portal, 'db' | 'crypto'>,
  of: { campaignId: string; secret: string; said: string },
): Promise<ClaimStatus | null> {
  const row = await portal.db
    .selectFrom('claims')
    .select(COLUMNS)
    .where('campaign_id', '=', of.campaignId)
    .where('request_key', 'in', claimRequestKeys(portal.crypto, of))
    .orderBy('received_at', 'desc')
    .executeTakeFirst();
  return row ? statusOf(portal.db, row) : null;
}

async function statusOf(
  db: Portal['db'],
  row: { id: string; campaign_id: string; number: string; state: ClaimState; reason: string | null; received_at: Date },
): Promise<ClaimStatus> {
  const corrected = await db
    .selectFrom('claim_corrections')
    .select('at')
    .where('claim_id', '=', row.id)
    .where('what', '=', 'number')
    .orderBy('at', 'desc')
    .executeTakeFirst();
  const { campaign_id: campaignId, number, state, reason, received_at: receivedAt } = row;
  return { campaignId, number, state, reason, receivedAt, correctedAt: corrected?.at ?? null };
}
