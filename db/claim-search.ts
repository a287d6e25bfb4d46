import { sql } from 'kysely';
import type { CampaignScope } from '../app/domain/access';
import type { Bilingual } from '../app/domain/campaign';
import type { ClaimState } from '../app/domain/claim';
import type { Db } from './database';

/** A claim that has no grant yet, with what its applicant said. */
export interface FoundClaimRow {
  readonly id: string;
  readonly number: string;
  readonly state: ClaimState;
  readonly campaign: Bilingual;
  readonly detailsSealed: Buffer;
  readonly detailsKeyId: string;
}

/** Claims without a grant whose applicant or coupons have one of these, the newest first. */
export async function listClaimsBy(
  db: Db,
  query: {
    readonly indexes: { readonly name: readonly Buffer[]; readonly phone: readonly Buffer[]; readonly mail: readonly Buffer[] };
    readonly inquiryNumbers: readonly string[];
    readonly scope: CampaignScope;
    readonly limit: number;
  },
): Promise<FoundClaimRow[]> {
  const { indexes, inquiryNumbers, scope, limit } = query;
  const { rows } = await sql<FoundClaimRow>`
    select c.id, c.number, c.state, p.settings->'name' as campaign, c.details_sealed as "detailsSealed", c.details_key_id as "detailsKeyId"
      from claims c join campaigns p on p.id = c.campaign_id
      where c.grant_id is null and (${scope === 'all'} or c.campaign_id = any(${scope === 'all' ? [] : [...scope]}::text[]))
        and c.id in (
          select id from claims where name_index = any(${[...indexes.name]}::bytea[])
          union select id from claims where phone_index = any(${[...indexes.phone]}::bytea[])
          union select id from claims where mail_index = any(${[...indexes.mail]}::bytea[])
          union select n.claim_id from campaigns k join claim_coupons n on n.campaign_id = k.id
            where n.inquiry_number = any(${[...inquiryNumbers]}::text[]))
      order by c.received_at desc, c.id desc limit ${limit}`.execute(db);
  return rows;
}
