import type { Leg } from '../app/domain/ledger';
import { type BulkTrx, copyRow } from './bulk';

const RECIPIENT_COLUMNS = [
  'id',
  'campaign_id',
  'contact_sealed',
  'contact_key_id',
  'index_key_id',
  'name_index',
  'kana_index',
  'phone_index',
  'mail_index',
];
const GRANT_COLUMNS = [
  'id',
  'campaign_id',
  'recipient_id',
  'import_id',
  'number',
  'inquiry_number',
  'granted_yen',
  'deadline_at',
  'channel',
  'link_key_id',
  'link_digest',
  'created_at',
];
const POSTING_COLUMNS = ['entry_id', 'position', 'campaign_id', 'account', 'grant_id', 'redemption_id', 'provider', 'yen'];

export interface NewRecipientGrant {
  readonly recipientId: string;
  readonly contact: {
    readonly contact_sealed: Buffer;
    readonly contact_key_id: string;
    readonly index_key_id: string;
    readonly name_index: Buffer | null;
    readonly kana_index: Buffer | null;
    readonly phone_index: Buffer | null;
    readonly mail_index: Buffer | null;
  };
  readonly grantId: string;
  readonly number: string;
  readonly inquiryNumber: string | null;
  readonly yen: bigint;
  readonly channel: 'mail' | 'sms';
  readonly linkKeyId: string;
  readonly linkDigest: Buffer;
}

/** What all grants of one batch share. */
export interface GrantBatch {
  readonly campaignId: string;
  readonly importId: string;
  readonly entryId: string;
  readonly actor: string;
  /** Exclusive instant. */
  readonly deadlineAt: Date;
  readonly at: Date;
}

/** Recipients and grants as rows for COPY, put together while the batch before is being written. */
export class GrantRows {
  private recipients: string[] = [];
  private grants: string[] = [];
  private readonly deadlineAt: string;
  private readonly at: string;

  constructor(private readonly batch: Omit<GrantBatch, 'entryId' | 'actor'>) {
    this.deadlineAt = batch.deadlineAt.toISOString();
    this.at = batch.at.toISOString();
  }

  add(row: NewRecipientGrant): void {
    const { campaignId, importId } = this.batch;
    const c = row.contact;
    this.recipients.push(
      copyRow([
        row.recipientId,
        campaignId,
        c.contact_sealed,
        c.contact_key_id,
        c.index_key_id,
        c.name_index,
        c.kana_index,
        c.phone_index,
        c.mail_index,
      ]),
    );
    this.grants.push(
      copyRow([
        row.grantId,
        campaignId,
        row.recipientId,
        importId,
        row.number,
        row.inquiryNumber,
        row.yen,
        this.deadlineAt,
        row.channel,
        row.linkKeyId,
        row.linkDigest,
        this.at,
      ]),
    );
  }

  /** The rows as bytes, once. */
  take(): { recipients: Buffer; grants: Buffer } {
    const bytes = { recipients: Buffer.from(this.recipients.join('')), grants: Buffer.from(this.grants.join('')) };
    this.recipients = [];
    this.grants = [];
    return bytes;
  }
}

/** Writes a batch of recipients and grants with one journal entry `granted` whose postings are one statement. */
export async function copyGrants(
  bulk: BulkTrx,
  batch: GrantBatch,
  { rows, legs }: { rows: { recipients: Buffer; grants: Buffer }; legs: readonly Leg[] },
): Promise<void> {
  const { entryId, campaignId } = batch;
  await bulk.copy('recipients', RECIPIENT_COLUMNS, rows.recipients);
  await bulk.copy('grants', GRANT_COLUMNS, rows.grants);
  await bulk.trx
    .insertInto('journal_entries')
    .values({ id: entryId, campaign_id: campaignId, kind: 'granted', actor: batch.actor, at: batch.at })
    .execute();
  const postings = legs.map((leg, index) =>
    copyRow([entryId, index + 1, campaignId, leg.account, leg.grantId, leg.redemptionId, leg.provider, leg.yen]),
  );
  await bulk.copy('postings', POSTING_COLUMNS, Buffer.from(postings.join('')));
}
