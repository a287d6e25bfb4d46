import { grantedLegs } from '../app/domain/ledger';
import type { BulkTrx } from './bulk';
import type { SealedContact } from './contact-columns';
import { CopyRows } from './copy-rows';

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
  readonly contact: SealedContact;
  readonly grantId: string;
  readonly number: string;
  readonly inquiryNumber: string | null;
  readonly yen: bigint;
  readonly channel: 'mail' | 'sms';
  readonly linkKeyId: string;
  readonly linkDigest: Buffer;
}

/** What all grants of one import share. */
export interface GrantBatch {
  readonly campaignId: string;
  /** Null for grants that come from the portal's own register. */
  readonly importId: string | null;
  readonly actor: string;
  /** Exclusive instant. */
  readonly deadlineAt: Date;
  readonly at: Date;
}

/** Recipients, grants and postings of one batch, put together while the batch before is being written. */
export class GrantRows {
  private readonly recipients = new CopyRows();
  private readonly grants = new CopyRows();
  private readonly postings = new CopyRows();
  private legs: { grantId: string; yen: bigint }[] = [];

  /** @param newEntryId makes the id of each batch's journal entry */
  constructor(
    private readonly batch: GrantBatch,
    private readonly newEntryId: () => string,
  ) {}

  add(row: NewRecipientGrant): void {
    const { campaignId, importId, deadlineAt, at } = this.batch;
    const { contact } = row;
    this.recipients
      .row(RECIPIENT_COLUMNS.length)
      .uuid(row.recipientId)
      .text(campaignId)
      .blob(contact.contact_sealed)
      .text(contact.contact_key_id)
      .text(contact.index_key_id)
      .blob(contact.name_index)
      .blob(contact.kana_index)
      .blob(contact.phone_index)
      .blob(contact.mail_index);
    this.grants
      .row(GRANT_COLUMNS.length)
      .uuid(row.grantId)
      .text(campaignId)
      .uuid(row.recipientId)
      .uuid(importId)
      .text(row.number)
      .text(row.inquiryNumber)
      .int8(row.yen)
      .instant(deadlineAt)
      .text(row.channel)
      .text(row.linkKeyId)
      .blob(row.linkDigest)
      .instant(at);
    this.legs.push({ grantId: row.grantId, yen: row.yen });
  }

  /**
   * Writes the batch, if there is anything, with one journal entry `granted` whose postings are one statement; then the
   * rows can be filled anew.
   */
  async write(bulk: BulkTrx): Promise<void> {
    if (this.legs.length === 0) return;
    const { campaignId, actor, at } = this.batch;
    const entryId = this.newEntryId();
    grantedLegs(this.legs).forEach((leg, index) => {
      this.postings
        .row(POSTING_COLUMNS.length)
        .uuid(entryId)
        .int4(index + 1)
        .text(campaignId)
        .text(leg.account)
        .uuid(leg.grantId)
        .uuid(leg.redemptionId)
        .text(leg.provider)
        .int8(leg.yen);
    });
    await bulk.copy('recipients', RECIPIENT_COLUMNS, this.recipients);
    await bulk.copy('grants', GRANT_COLUMNS, this.grants);
    await bulk.trx.insertInto('journal_entries').values({ id: entryId, campaign_id: campaignId, kind: 'granted', actor, at }).execute();
    await bulk.copy('postings', POSTING_COLUMNS, this.postings);
    for (const rows of [this.recipients, this.grants, this.postings]) rows.clear();
    this.legs = [];
  }
}
