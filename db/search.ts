import { type RawBuilder, sql } from 'kysely';
import type { CampaignScope } from '../app/domain/access';
import type { Db, Trx } from './database';

/** One fact as it is looked up; everything in it is an alternative to the rest. */
export interface FactLookup {
  /** Of beginnings and ends, under every index key. */
  readonly tokens: readonly bigint[];
  /** Of whole values, under every index key. */
  readonly indexes: Readonly<Record<'name' | 'kana' | 'phone' | 'mail', readonly Buffer[]>>;
  /** How a grant number or an inquiry number begins, without hyphens, in capitals. */
  readonly numbers: readonly string[];
}

/**
 * So many hits are looked at: whoever gets more has to say more. Two letters of a common name are filed for ten
 * thousand people among two million, and to fetch all of them takes longer than anybody should wait.
 */
const HITS_MOST = 2_000;

/** Recipients for whom one of the tokens of a fact is filed, and of another's where there is one, in the order of their ids; of more than can be looked at, those that are met first. */
export async function listByTokens(
  db: Db,
  {
    facts: [one, two],
    scope,
    after,
    limit,
  }: { facts: readonly [FactLookup, FactLookup?]; scope: CampaignScope; after: string | null; limit: number },
): Promise<{ readonly ids: readonly string[]; readonly tooMany: boolean }> {
  if (one.tokens.length === 0 || two?.tokens.length === 0) return { ids: [], tooMany: false };
  const filed = (fact: FactLookup | undefined) => sql`${fact ? fact.tokens.map(String) : null}::bigint[]`;
  // Behind a fence: in the order of ids the planner would hope to meet a hit soon, and read everything for a rare one.
  const { rows } = await sql<{ id: string; too_many: boolean }>`
    with hits as materialized (
      select id from find_filed(${filed(one)}, ${filed(two)}, ${scope === 'all' ? null : [...scope]}::text[], ${sql.lit(HITS_MOST + 1)}) as id
    )
    select id, (select count(*) from hits) > ${sql.lit(HITS_MOST)} as too_many from hits ${after === null ? sql`` : sql`where id > ${after}::uuid`} order by id limit ${limit}
  `.execute(db);
  return { ids: rows.map(({ id }) => id), tooMany: rows[0]?.too_many ?? false };
}

/** Recipients whose own blind index holds a whole value. */
export async function listByIndexes(
  db: Db,
  { fact, scope, limit }: { fact: FactLookup; scope: CampaignScope; limit: number },
): Promise<string[]> {
  const asked = (['phone', 'mail', 'kana', 'name'] as const).filter((field) => fact.indexes[field].length > 0);
  if (asked.length === 0) return [];
  const parts = asked.map(
    (field) => sql`(select id from recipients where ${sql.ref(`${field}_index`)} = any(${[...fact.indexes[field]]}::bytea[])
      ${withinScope(sql`campaign_id`, scope)} limit ${limit})`,
  );
  const { rows } = await sql<{ id: string }>`select id from (${sql.join(parts, sql` union `)}) u order by id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** A place in a list in the order of numbers. */
export interface NumberKey {
  readonly form: string;
  readonly grantId: string;
}

const NUMBER_FORM = sql`g.plain_number`;
const INQUIRY_FORM = sql`g.plain_inquiry`;

/**
 * Grants whose number begins so, in the order of numbers: walked through the index of each campaign, so that a short
 * beginning costs no more than a long one. With another fact, only those for whom its tokens are filed.
 */
export async function listByNumbers(
  db: Db,
  {
    fact,
    other,
    scope,
    after,
    limit,
  }: { fact: FactLookup; other?: FactLookup; scope: CampaignScope; after: NumberKey | null; limit: number },
): Promise<{ grantId: string; recipientId: string; form: string }[]> {
  if (fact.numbers.length === 0) return [];
  const filed = other
    ? sql`and exists (select 1 from search_entries e where e.recipient_id = g.recipient_id and e.tokens && ${other.tokens.map(String)}::bigint[])`
    : sql``;
  const parts = fact.numbers.flatMap((start) =>
    // Forms hold only letters and digits, all of which come before "~".
    [NUMBER_FORM, INQUIRY_FORM].map(
      (form) => sql`(select g.id, g.recipient_id, ${form} as form from campaigns c cross join lateral (
          select g.* from grants g where g.campaign_id = c.id and ${form} ~>=~ ${start} and ${form} ~<~ ${`${start}~`}
            ${after ? sql`and ${form} ~>=~ ${after.form} and (${form}, g.id) > (${after.form} collate "C", ${after.grantId}::uuid)` : sql``} ${filed}
            order by ${form} using ~<~, g.id limit ${limit}
        ) g where true ${withinScope(sql`c.id`, scope)})`,
    ),
  );
  const { rows } = await sql<{ id: string; recipient_id: string; form: string }>`
    select distinct on (form collate "C", id) id, recipient_id, form from (${sql.join(parts, sql` union all `)}) n
      order by form collate "C", id limit ${limit}
  `.execute(db);
  return rows.map((row) => ({ grantId: row.id, recipientId: row.recipient_id, form: row.form }));
}

/** A grant with its person, as a list shows it. */
export interface FoundRow {
  readonly grant_id: string;
  readonly recipient_id: string;
  readonly campaign_id: string;
  readonly campaign_name: { readonly ja: string; readonly en: string };
  readonly number: string;
  readonly inquiry_number: string | null;
  readonly deadline_at: Date;
  readonly frozen_at: Date | null;
  readonly frozen_until: Date | null;
  readonly contact_sealed: Buffer;
  readonly contact_key_id: string;
  readonly residual_yen: bigint;
  readonly lapsed_yen: bigint;
  readonly states: readonly string[];
}

/** The grants of recipients, or grants themselves. */
export async function listFound(
  db: Db,
  { recipientIds, grantIds, scope }: { recipientIds: readonly string[]; grantIds: readonly string[]; scope: CampaignScope },
): Promise<FoundRow[]> {
  if (recipientIds.length + grantIds.length === 0) return [];
  const { rows } = await sql<FoundRow>`
    select g.id as grant_id, g.recipient_id, g.campaign_id, c.settings -> 'name' as campaign_name, g.number, g.inquiry_number, g.deadline_at,
        g.frozen_at, g.frozen_until, r.contact_sealed, r.contact_key_id, b.residual_yen, b.lapsed_yen, s.states
      from (select id from grants where recipient_id = any(${[...recipientIds]}::uuid[])
          union select unnest(${[...grantIds]}::uuid[])) wanted
      join grants g on g.id = wanted.id join recipients r on r.id = g.recipient_id join campaigns c on c.id = g.campaign_id
      cross join lateral (select coalesce(sum(p.yen) filter (where p.account = 'grant'), 0)::bigint as residual_yen,
        coalesce(sum(p.yen) filter (where p.account = 'lapsed'), 0)::bigint as lapsed_yen from postings p where p.grant_id = g.id) b
      cross join lateral (select coalesce(array_agg(d.state), '{}') as states from redemptions d
        where d.grant_id = g.id and d.state <> 'cancelled') s
      where true ${withinScope(sql`g.campaign_id`, scope)}
      order by g.recipient_id, g.id
  `.execute(db);
  return rows;
}

function withinScope(column: RawBuilder<unknown>, scope: CampaignScope): RawBuilder<unknown> {
  return scope === 'all' ? sql`` : sql`and ${column} = any(${[...scope]}::text[])`;
}

/** How many people wait to be filed. */
export async function countUnfiled(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coalesce(sum(people), 0)::int as n from search_batches`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Takes the oldest batches for which no job has been asked for, or not lately. */
export async function takeUnqueued(trx: Trx, { now, before, limit }: { now: Date; before: Date; limit: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update search_batches set queued_at = ${now} where id in (
      select id from search_batches where queued_at is null or queued_at < ${before} order by position limit ${limit} for update skip locked)
    returning id
  `.execute(trx);
  return rows.map(({ id }) => id);
}

export interface UnfiledContact {
  readonly id: string;
  readonly campaign_id: string;
  readonly contact_sealed: Buffer;
  readonly contact_key_id: string;
}

/** Locks a batch and its contacts: nobody's address changes while it is being filed. Null when it is done or somebody is at it. */
export async function lockBatch(trx: Trx, batchId: string): Promise<readonly UnfiledContact[] | null> {
  const batch = await trx
    .selectFrom('search_batches')
    .select('recipient_ids')
    .where('id', '=', batchId)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!batch) return null;
  const { rows } = await sql<UnfiledContact>`
    select id, campaign_id, contact_sealed, contact_key_id from recipients where id = any(${batch.recipient_ids}::uuid[]) order by id for share
  `.execute(trx);
  return rows;
}

/** Files people anew. */
export async function writeEntries(
  trx: Trx,
  indexKeyId: string,
  entries: readonly { readonly id: string; readonly campaignId: string; readonly tokens: readonly bigint[] }[],
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into search_entries (recipient_id, campaign_id, index_key_id, tokens)
      select v.id, v.campaign_id, ${indexKeyId}, v.tokens::bigint[]
        from unnest(${entries.map(({ id }) => id)}::uuid[], ${entries.map(({ campaignId }) => campaignId)}::text[],
          ${entries.map(({ tokens }) => `{${tokens.join()}}`)}::text[]) as v(id, campaign_id, tokens)
      on conflict (recipient_id) do update set index_key_id = excluded.index_key_id, tokens = excluded.tokens
  `.execute(trx);
}

/** Ends a batch; what could not be read stays in it, to be tried again. */
export async function endBatch(trx: Trx, batchId: string, unreadable: readonly string[]): Promise<void> {
  if (unreadable.length === 0) await trx.deleteFrom('search_batches').where('id', '=', batchId).execute();
  else {
    await trx
      .updateTable('search_batches')
      .set({ recipient_ids: [...unreadable], people: unreadable.length })
      .where('id', '=', batchId)
      .execute();
  }
}
