import { sql } from 'kysely';
import type { Db, Trx } from './database';
import { isFrozenAt } from './frozen';

/** So long the other channel has its chance after an invitation failed. */
const OTHER_CHANNEL_MS = 86_400_000;

/**
 * People to whom a letter is due: something is left and can still be taken, every message with their present link
 * surely failed or no channel carries what we know of them, and no letter bears that link.
 */
const IS_DUE = (now: Date) => sql`
  g.deadline_at > ${now}
  and not ${isFrozenAt(now)}
  and (exists (select 1 from messages m where m.grant_id = g.id and m.link_generation = g.link_generation
      and m.reason is distinct from 'outdated')
    or exists (select 1 from wave_misses w where w.grant_id = g.id and w.link_generation = g.link_generation))
  and not exists (select 1 from messages m where m.grant_id = g.id and m.purpose in ('invitation', 'address_changed_new')
    and m.state = 'hard_failed' and m.reason is distinct from 'outdated' and m.state_at > ${new Date(now.getTime() - OTHER_CHANNEL_MS)}
    and not exists (select 1 from fallovers f where f.message_id = m.id))
  and not exists (select 1 from messages m where m.grant_id = g.id and m.link_generation = g.link_generation and m.state <> 'hard_failed')
  and not exists (select 1 from letters l where l.grant_id = g.id and l.link_generation = g.link_generation)
  and (select coalesce(sum(p.yen), 0) from postings p where p.grant_id = g.id and p.account = 'grant') > 0`;

/** How many letters are due in a campaign. */
export async function countLettersDue(db: Db | Trx, { campaignId, now }: { campaignId: string; now: Date }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from grants g where g.campaign_id = ${campaignId} and ${IS_DUE(now)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Opens a batch with the letters that are due, in the order of grant numbers. @returns how many; 0: none is due, and there is no batch */
export async function fillLetterBatch(
  trx: Trx,
  batch: { batchId: string; campaignId: string; number: number; now: Date; limit: number; actor: string },
): Promise<number> {
  const { batchId, campaignId, number, now, limit, actor } = batch;
  const { rows } = await sql<{ letters: number }>`
    with due as materialized (
      select g.id, g.campaign_id, g.number, g.link_generation from grants g
        where g.campaign_id = ${campaignId} and ${IS_DUE(now)} order by g.number limit ${limit}
    ), batch as (
      insert into letter_batches (id, campaign_id, number, letters, opened_by, opened_at)
        select ${batchId}::uuid, ${campaignId}, ${number}, count(*), ${actor}, ${now} from due having count(*) > 0 returning letters
    ), written as (
      insert into letters (batch_id, campaign_id, position, grant_id, link_generation)
        select ${batchId}::uuid, d.campaign_id, row_number() over (order by d.number), d.id, d.link_generation from due d
    )
    select letters from batch
  `.execute(trx);
  return rows[0]?.letters ?? 0;
}

/** A letter as it stands in its batch. */
export interface LetterRow {
  readonly position: number;
  readonly grantId: string;
  readonly number: string;
  readonly linkKeyId: string;
  /** The generation that is printed, and the one that opens the page now. */
  readonly linkGeneration: number;
  readonly currentGeneration: number;
  readonly deadlineAt: Date;
  readonly residualYen: bigint;
  readonly recipientId: string;
  readonly contactSealed: Buffer;
  readonly contactKeyId: string;
}

/** The letters of a batch after a position, in order. */
export async function listLetters(
  db: Db,
  { batchId, after, limit }: { batchId: string; after: number; limit: number },
): Promise<LetterRow[]> {
  const { rows } = await sql<LetterRow>`
    select l.position, l.grant_id as "grantId", g.number, g.link_key_id as "linkKeyId", l.link_generation as "linkGeneration",
        g.link_generation as "currentGeneration", g.deadline_at as "deadlineAt", r.id as "recipientId",
        r.contact_sealed as "contactSealed", r.contact_key_id as "contactKeyId",
        (select coalesce(sum(p.yen), 0)::bigint from postings p where p.grant_id = g.id and p.account = 'grant') as "residualYen"
      from letters l join grants g on g.id = l.grant_id join recipients r on r.id = g.recipient_id
      where l.batch_id = ${batchId} and l.position > ${after} order by l.position limit ${limit}
  `.execute(db);
  return rows;
}

interface BatchRow {
  readonly id: string;
  readonly number: number;
  readonly letters: number;
}

/** A batch by its number. */
export async function findLetterBatch(db: Db, { campaignId, number }: { campaignId: string; number: number }): Promise<BatchRow | null> {
  const query = db.selectFrom('letter_batches').select(['id', 'number', 'letters']);
  return (await query.where('campaign_id', '=', campaignId).where('number', '=', number).executeTakeFirst()) ?? null;
}

/** Batches on the record whose file was never finished, oldest first. */
export async function listUnprintedBatches(db: Db, campaignId: string): Promise<BatchRow[]> {
  const query = db.selectFrom('letter_batches').select(['id', 'number', 'letters']);
  return query.where('campaign_id', '=', campaignId).where('printed_at', 'is', null).orderBy('number').execute();
}

/** When a letter with their present link was printed for these people; without those for whom none was. */
export async function listPrintedLetters(db: Db, grantIds: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ grantId: string; at: Date }>`
    select l.grant_id as "grantId", max(b.printed_at) as at
      from letters l join letter_batches b on b.id = l.batch_id join grants g on g.id = l.grant_id
      where l.grant_id = any(${[...grantIds]}::uuid[]) and l.link_generation = g.link_generation and b.printed_at is not null
      group by l.grant_id`.execute(db);
  return new Map(rows.map(({ grantId, at }) => [grantId, at]));
}
