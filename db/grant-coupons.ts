import type { BulkTrx } from './bulk';
import { CopyRows } from './copy-rows';

const ENTRY_COLUMNS = ['coupon_id', 'campaign_id', 'kind', 'from_account', 'to_account', 'yen', 'actor', 'at'];
const LINE_COLUMNS = ['coupon_id', 'grant_id', 'campaign_id', 'yen'];

/** What one batch of the cut-off takes from coupons, and which grants it makes of them. */
export class TakenCoupons {
  private readonly entries = new CopyRows();
  private readonly lines = new CopyRows();
  private granted = 0;

  constructor(private readonly of: { campaignId: string; actor: string; at: Date }) {}

  /** Takes what is left on a coupon; for a grant, or (null) to wait for a claim. */
  add(couponId: string, yen: bigint, grantId: string | null): void {
    const { campaignId, actor, at } = this.of;
    this.entries
      .row(ENTRY_COLUMNS.length)
      .uuid(couponId)
      .text(campaignId)
      .text('taken')
      .text('remaining')
      .text('taken')
      .int8(yen)
      .text(actor)
      .instant(at);
    if (grantId === null) return;
    this.granted += 1;
    this.lines.row(LINE_COLUMNS.length).uuid(couponId).uuid(grantId).text(campaignId).int8(yen);
  }

  /** Writes the batch, after its grants. */
  async write(bulk: BulkTrx): Promise<void> {
    await bulk.copy('coupon_entries', ENTRY_COLUMNS, this.entries);
    if (this.granted > 0) await bulk.copy('grant_coupons', LINE_COLUMNS, this.lines);
  }
}
