import { sql } from 'kysely';
import type { CaseState } from '../app/domain/case';
import type { ClaimState } from '../app/domain/claim';
import type { Db } from './database';

/** Lines of each kind that are shown of one person. */
const MOST = 20;

export interface RelatedRows {
  readonly coupons: readonly { id: string; inquiry_number: string; face_yen: bigint; of_grant: boolean }[];
  readonly claims: readonly { id: string; number: string; state: ClaimState; received_at: Date }[];
  readonly cases: readonly { id: string; number: string; state: CaseState; opened_at: Date }[];
  readonly grants: readonly { id: string; number: string; granted_yen: bigint }[];
}

/**
 * What a campaign knows of whoever a grant is for besides the grant: by its own coupons, claim and case, and by the same
 * telephone number or mail address.
 */
export async function findRelatedRows(db: Db, grantId: string): Promise<RelatedRows> {
  const person = sql`
    select g.id as grant_id, g.campaign_id, r.id as recipient_id, r.phone_index, r.mail_index
      from grants g join recipients r on r.id = g.recipient_id where g.id = ${grantId}`;
  const same = (alias: string) => {
    const [phone, mail] = [sql.ref(`${alias}.phone_index`), sql.ref(`${alias}.mail_index`)];
    return sql`(${phone} = p.phone_index or ${mail} = p.mail_index)`;
  };
  const coupons = await sql<RelatedRows['coupons'][number]>`
    with p as (${person}), own as (
      select coupon_id from grant_coupons where grant_id = ${grantId}
      union select s.coupon_id from cases s where s.grant_id = ${grantId}
    )
    select c.id, c.inquiry_number, c.face_yen, exists (select 1 from grant_coupons o where o.grant_id = ${grantId} and o.coupon_id = c.id) as of_grant
      from p join coupons c on c.campaign_id = p.campaign_id
      where c.id in (select coupon_id from own) or ${same('c')} order by c.inquiry_number limit ${MOST}
  `.execute(db);
  const claims = await sql<RelatedRows['claims'][number]>`
    with p as (${person})
    select c.id, c.number, c.state, c.received_at from p join claims c on c.campaign_id = p.campaign_id
      where c.grant_id = ${grantId} or ${same('c')} order by c.received_at desc, c.id limit ${MOST}
  `.execute(db);
  const cases = await sql<RelatedRows['cases'][number]>`
    with p as (${person})
    select s.id, s.number, s.state, s.opened_at from p join cases s on s.campaign_id = p.campaign_id
      where s.grant_id = ${grantId} or ${same('s')} or s.coupon_id in (select coupon_id from grant_coupons where grant_id = ${grantId})
      order by s.opened_at desc, s.id limit ${MOST}
  `.execute(db);
  const grants = await sql<RelatedRows['grants'][number]>`
    with p as (${person})
    select g.id, g.number, g.granted_yen from p join recipients r on r.campaign_id = p.campaign_id and ${same('r')}
      join grants g on g.recipient_id = r.id where g.id <> ${grantId} order by g.number limit ${MOST}
  `.execute(db);
  return { coupons: coupons.rows, claims: claims.rows, cases: cases.rows, grants: grants.rows };
}

/** The claim or case of a reference number within a scope (null: all campaigns); null when there is none. */
export async function findByReference(
  db: Db,
  { number, campaigns }: { number: string; campaigns: readonly string[] | null },
): Promise<{ kind: 'claim' | 'case'; id: string } | null> {
  const { rows } = await sql<{ kind: 'claim' | 'case'; id: string }>`
    select kind, id from (
      select 'claim' as kind, id, campaign_id from claims where number = ${number}
      union all select 'case', id, campaign_id from cases where number = ${number}
    ) f where ${campaigns === null} or campaign_id = any(${campaigns === null ? [] : [...campaigns]}::text[]) limit 1
  `.execute(db);
  return rows[0] ?? null;
}
