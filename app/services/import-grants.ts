import { type BulkTrx, takeLock } from '#db/bulk';
import { findGrantNumbers, hasGrants } from '#db/campaigns';
import { hasCutoff, registerLock } from '#db/coupons';
import { findTakenNumbers } from '#db/listed-grants';
import { type GrantBatch, GrantRows, type NewRecipientGrant } from '#db/recipients';
import { GRANT_COLUMNS, GRANT_PROBLEMS, type GrantProblem, type GrantRow, grantJudge } from '../domain/grant-row';
import { readHeader } from '../domain/row-file';
import { type FileImport, type FileImportResult, type FileKind, type ImportPortal, importFile, type RowWriter } from './parts/import-file';
import { sealContact } from './parts/sealed-contact';
import { TwoBatches } from './parts/two-batches';

export type GrantImport = FileImport;
export type GrantImportResult = FileImportResult<GrantProblem>;

/** Grants of one journal entry and one round of COPY. */
const BATCH_ROWS = 2_000;

/** Imports a file of grants: recipients with sealed contacts, grants with their links, and the ledger's entries. */
export function importGrants(portal: ImportPortal, input: GrantImport): Promise<GrantImportResult> {
  const kind: FileKind<GrantRow, GrantProblem> = {
    kind: 'grants',
    columns: GRANT_COLUMNS,
    numberHeading: GRANT_COLUMNS.number,
    problems: GRANT_PROBLEMS,
    readHeader(record, campaign) {
      const header = readHeader(GRANT_COLUMNS, record);
      return header.ok ? { ok: true, judge: grantJudge(header.layout, campaign.grantCeilingYen) } : header;
    },
    existing: {
      known: 'number_exists',
      async open(campaignId) {
        if (!(await hasGrants(portal.db, campaignId))) return null;
        return (numbers) => findGrantNumbers(portal.db, campaignId, numbers);
      },
    },
    async against(campaignId) {
      if (!(await hasCutoff(portal.db, campaignId))) return null;
      return async (rows) => {
        const named = rows.flatMap(({ inquiryNumber }) => (inquiryNumber === null ? [] : [inquiryNumber]));
        const taken = await findTakenNumbers(portal.db, campaignId, named);
        return ({ inquiryNumber }) => (inquiryNumber !== null && taken.has(inquiryNumber) ? 'coupon_taken' : null);
      };
    },
    // The cut-off begins before or after a list of grants, never in the middle of one.
    async refusal({ trx }, campaign) {
      await takeLock(trx, registerLock(campaign.id));
      return null;
    },
    yenOf: (row) => row.yen,
    async openWriter(bulk, { campaign, importId, actor, at }) {
      return new GrantWriter(portal, bulk, { campaignId: campaign.id, importId, actor, deadlineAt: campaign.redeemUntil, at });
    },
    tables: ['recipients', 'grants', 'journal_entries', 'postings'],
  };
  return importFile(portal, kind, input);
}

/** Seals grants and writes them in batches. */
class GrantWriter implements RowWriter<GrantRow, GrantProblem> {
  private readonly batches: TwoBatches<GrantRows>;

  constructor(
    private readonly portal: ImportPortal,
    bulk: BulkTrx,
    private readonly batch: GrantBatch,
  ) {
    this.batches = new TwoBatches(bulk, BATCH_ROWS, () => new GrantRows(batch, () => portal.crypto.newId(batch.at)));
  }

  add(row: GrantRow): Promise<void> {
    const { crypto } = this.portal;
    const recipientId = crypto.newId(this.batch.at);
    const grantId = crypto.newId(this.batch.at);
    const grant: NewRecipientGrant = {
      recipientId,
      contact: sealContact(crypto, recipientId, row.contact),
      grantId,
      number: row.number,
      inquiryNumber: row.inquiryNumber,
      yen: row.yen,
      channel: row.channel,
      linkKeyId: crypto.linkKeyId,
      linkDigest: crypto.linkDigest(crypto.linkToken(grantId, 1)),
    };
    return this.batches.add((grants) => grants.add(grant));
  }

  finish(): Promise<void> {
    return this.batches.finish();
  }

  settle(): Promise<void> {
    return this.batches.settle();
  }
}
