import type { Db } from './database';

export interface Revealable {
  readonly issuance_id: string;
  readonly campaign_id: string;
  readonly provider: string;
  readonly provider_key: string;
  readonly yen: bigint;
  readonly code_sealed: Buffer | null;
  readonly code_key_id: string | null;
  readonly digest: Buffer;
  readonly reference: string;
  readonly created_at: Date;
  readonly expires_on: string | null;
  readonly management_no: string | null;
  readonly settled_at: Date;
}

/** The issued attempt behind a code, if the code belongs to this grant and is issued. */
export async function findRevealable(db: Db, { grantId, codeId }: { grantId: string; codeId: string }): Promise<Revealable | null> {
  const row = await db
    .selectFrom('codes as c')
    .innerJoin('redemptions as r', 'r.id', 'c.redemption_id')
    .innerJoin('issuances as i', 'i.code_id', 'c.id')
    .where('c.id', '=', codeId)
    .where('r.grant_id', '=', grantId)
    .where('i.state', '=', 'issued')
    .select([
      'i.id as issuance_id',
      'i.campaign_id',
      'i.provider',
      'i.provider_key',
      'i.yen',
      'i.code_sealed',
      'i.code_key_id',
      'i.digest',
      'i.reference',
      'i.created_at',
      'i.expires_on',
      'i.management_no',
      'i.settled_at',
    ])
    .executeTakeFirst();
  if (!row?.digest || !row.reference || !row.settled_at) return null;
  return { ...row, digest: row.digest, reference: row.reference, settled_at: row.settled_at };
}
