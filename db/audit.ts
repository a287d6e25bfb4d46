import type { Trx } from './database';

/** Writes who did what to which thing, in the transaction of the act. Details are ids, amounts and reasons; never a code or a name. */
export async function appendAudit(
  trx: Trx,
  entry: {
    id: string;
    campaignId: string | null;
    at: Date;
    actor: string;
    act: string;
    subjectKind: string;
    subjectId: string;
    detail?: Readonly<Record<string, string | number | boolean | null>>;
  },
): Promise<void> {
  await trx
    .insertInto('audit_entries')
    .values({
      id: entry.id,
      campaign_id: entry.campaignId,
      at: entry.at,
      actor: entry.actor,
      act: entry.act,
      subject_kind: entry.subjectKind,
      subject_id: entry.subjectId,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
