import type { Db, Trx } from './database';

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

/** How often an act was written down for a thing since an instant. */
export async function countAudits(
  db: Db | Trx,
  { subject, act, since }: { subject: { kind: string; id: string }; act: string; since: Date },
): Promise<number> {
  const { n } = await db
    .selectFrom('audit_entries')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('n'))
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .where('at', '>', since)
    .where('act', '=', act)
    .executeTakeFirstOrThrow();
  return n;
}
