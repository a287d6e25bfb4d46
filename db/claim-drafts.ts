import type { Db, Trx } from './database';

/** The draft that is kept under a digest. */
export function findDraftRow(db: Db | Trx, digest: Buffer) {
  return db.selectFrom('claim_drafts').select(['id', 'typed_sealed', 'typed_key_id']).where('digest', '=', digest).executeTakeFirst();
}
