import { sql } from 'kysely';
import type { BulkTrx } from './bulk';
import { CopyRows } from './copy-rows';
import type { Db, Trx } from './database';

const COLUMNS = ['id', 'campaign_id', 'provider', 'import_id', 'yen', 'code_sealed', 'code_key_id', 'digest', 'starts_on', 'expires_on'];

export interface NewStockCode {
  readonly id: string;
  readonly campaignId: string;
  readonly provider: string;
  readonly importId: string;
  readonly yen: bigint;
  readonly sealed: Buffer;
  readonly keyId: string;
  readonly digest: Buffer;
  /** Days in Japan, YYYY-MM-DD. */
  readonly startsOn: string | null;
  readonly expiresOn: string;
}

/** Puts bought codes on the shelf. */
export async function copyStock(bulk: BulkTrx, codes: readonly NewStockCode[]): Promise<void> {
  const rows = new CopyRows();
  for (const c of codes) {
    rows
      .row(COLUMNS.length)
      .uuid(c.id)
      .text(c.campaignId)
      .text(c.provider)
      .uuid(c.importId)
      .int8(c.yen)
      .blob(c.sealed)
      .text(c.keyId)
      .blob(c.digest)
      .day(c.startsOn)
      .day(c.expiresOn);
  }
  await bulk.copy('stock_codes', COLUMNS, rows);
}

/** Which of these codes are known: in stock (handed out or not), or issued by the provider. By digest in hex. */
export async function findKnownCodes(
  db: Db | Trx,
  { provider, digests }: { provider: string; digests: readonly Buffer[] },
): Promise<Map<string, 'in_stock' | 'issued'>> {
  const { rows } = await sql<{ digest: Buffer; place: 'in_stock' | 'issued' }>`
    select digest, 'issued' as place from issuances where provider = ${provider} and digest = any(${digests as Buffer[]}::bytea[])
    union all
    select digest, 'in_stock' from stock_codes where provider = ${provider} and digest = any(${digests as Buffer[]}::bytea[])
  `.execute(db);
  return new Map(rows.map((row) => [row.digest.toString('hex'), row.place]));
}
