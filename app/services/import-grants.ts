import { type BulkTrx, takeLock } from '#db/bulk';
import { findGrantNumbers, hasGrants } from '#db/campaigns';
import { hasCutoff, registerLock } from '#db/coupons';
import { findTakenNumbers } from '#db/listed-grants';
import { type GrantBatch, GrantRows } from '#db/recipients';
import { GRANT_COLUMNS, GRANT_PROBLEMS, type GrantProblem, type GrantRow, grantJudge, readGrantHeader } from '../domain/grant-row';
import { grantedLegs } from '../domain/ledger';
import type { Yen } from '../domain/yen';
import {
  type FileCounts,
  type FileImport,
  type FileImportResult,
  type FileKind,
  type ImportPortal,
  importFile,
  type RowWriter,
} from './parts/import-file';
import { sealContact } from './parts/sealed-contact';

export type GrantImport = FileImport;
export type GrantCounts = FileCounts<GrantProblem>;
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
      const header = readGrantHeader(record);
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

/** Seals and collects grants into batches; one batch is written while the next is being made. */
class GrantWriter implements RowWriter<GrantRow, GrantProblem> {
  private filling: GrantRows;
  private resting: GrantRows;
  private legs: { grantId: string; yen: Yen }[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly portal: ImportPortal,
    private readonly bulk: BulkTrx,
    private readonly batch: GrantBatch,
  ) {
    this.filling = new GrantRows(batch);
    this.resting = new GrantRows(batch);
  }

  async add(row: GrantRow): Promise<void> {
    const { crypto } = this.portal;
    const recipientId = crypto.newId(this.batch.at);
    const grantId = crypto.newId(this.batch.at);
    this.filling.add({
      recipientId,
      contact: sealContact(crypto, recipientId, row.contact),
      grantId,
      number: row.number,
      inquiryNumber: row.inquiryNumber,
      yen: row.yen,
      channel: row.channel,
      linkKeyId: crypto.linkKeyId,
      linkDigest: crypto.linkDigest(crypto.linkToken(grantId, 1)),
    });
    this.legs.push({ grantId, yen: row.yen });
    if (this.legs.length >= BATCH_ROWS) await this.flush();
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
  }

  async settle(): Promise<void> {
    await this.writing.catch(() => {});
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (this.legs.length === 0) return;
    this.writing = this.filling.write(this.bulk, this.portal.crypto.newId(this.batch.at), grantedLegs(this.legs));
    // Looked at with the next batch; until then a failure must not count as unhandled.
    this.writing.catch(() => {});
    this.legs = [];
    [this.filling, this.resting] = [this.resting, this.filling];
  }
}
