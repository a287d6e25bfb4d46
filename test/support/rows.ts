import { randomBytes, randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';

/**
 * Rows written straight through SQL, for tests of the database itself. Tests of services use the
 * services. All dates are those of the rehearsal: the deadline is 1 June 2023, 00:00 in Japan.
 */
export const DEADLINE = '2023-06-01T00:00:00+09:00';
export const BEFORE = '2023-05-20T10:00:00+09:00';
export const CAMPAIGN = 'kumamoto-test';
export const PROVIDER = 'paypay';

/** A campaign with one provider and an import, as owner. */
export async function insertCampaign(owner: ClientBase, id = CAMPAIGN): Promise<{ importId: string }> {
  const importId = randomUUID();
  await owner.query(
    `insert into campaigns (id, settings, redeem_until, grant_ceiling_yen, created_at) values ($1, '{}', $2, 1000000, $3)`,
    [id, DEADLINE, BEFORE],
  );
  await owner.query(`insert into offers (campaign_id, provider, position, label, amount, source) values ($1, $2, 1, '{}', '{}', 'api')`, [
    id,
    PROVIDER,
  ]);
  await owner.query(
    `insert into imports (id, campaign_id, kind, file_name, file_digest, row_count, accepted_count, rejected_count, total_yen, actor, at)
     values ($1, $2, 'stock', 'stock.csv', $3, 1, 1, 0, 500, 'test', $4)`,
    [importId, id, randomBytes(32), BEFORE],
  );
  return { importId };
}

/** A recipient's grant with its yen on the ledger, as owner. */
export async function insertGrant(
  owner: ClientBase,
  grant: { yen: number; campaign?: string; frozenAt?: string; deadline?: string },
): Promise<string> {
  const id = randomUUID();
  const recipient = randomUUID();
  const campaign = grant.campaign ?? CAMPAIGN;
  await owner.query(
    `insert into recipients (id, campaign_id, contact_sealed, contact_key_id, index_key_id) values ($1, $2, 'x', 'k', 'k')`,
    [recipient, campaign],
  );
  await owner.query(
    `insert into grants (id, campaign_id, recipient_id, number, granted_yen, deadline_at, channel, link_key_id, link_digest, frozen_at, created_at)
     values ($1, $2, $3, $4, $5, $6, 'mail', 'k', $7, $8, $9)`,
    [id, campaign, recipient, id.slice(0, 8), grant.yen, grant.deadline ?? DEADLINE, randomBytes(32), grant.frozenAt ?? null, BEFORE],
  );
  await insertEntry(owner, {
    campaign,
    kind: 'granted',
    legs: [
      { account: 'fund', yen: -grant.yen },
      { account: 'grant', grant: id, yen: grant.yen },
    ],
  });
  return id;
}

export interface LegRow {
  readonly account: 'fund' | 'grant' | 'pending' | 'issued' | 'lapsed';
  readonly grant?: string;
  readonly redemption?: string;
  readonly yen: number;
}

/** A journal entry and its postings, by two statements. */
export async function insertEntry(
  client: ClientBase,
  entry: { campaign?: string; kind: string; legs: readonly LegRow[] },
): Promise<string> {
  const id = randomUUID();
  await client.query(entrySql(id, entry));
  await client.query(postingsSql(id, entry));
  return id;
}

/** The statement that opens an entry. */
export function entrySql(id: string, entry: { campaign?: string; kind: string }): string {
  return `insert into journal_entries (id, campaign_id, kind, actor, at) values ('${id}', '${entry.campaign ?? CAMPAIGN}', '${entry.kind}', 'test', '${BEFORE}')`;
}

/** The statement that writes all its postings. */
export function postingsSql(id: string, entry: { campaign?: string; legs: readonly LegRow[] }): string {
  const rows = entry.legs.map(({ account, grant, redemption, yen }, index) => {
    const values = [grant, redemption, redemption ? PROVIDER : undefined].map((value) => (value ? `'${value}'` : 'null'));
    return `('${id}', ${index + 1}, '${entry.campaign ?? CAMPAIGN}', '${account}', ${values.join(', ')}, ${yen})`;
  });
  return `insert into postings (entry_id, position, campaign_id, account, grant_id, redemption_id, provider, yen) values ${rows.join(', ')}`;
}

export interface RedemptionRow {
  readonly id: string;
  readonly grant: string;
  readonly yen: number;
  readonly key?: string;
  readonly at?: string;
  readonly acceptedAt?: string;
  readonly state?: string;
  readonly replaces?: string;
}

/** The statement that accepts a choice. */
export function redemptionSql(row: RedemptionRow): string {
  const at = row.at ?? BEFORE;
  return `insert into redemptions (id, campaign_id, grant_id, request_key, position, provider, source, yen, state, state_at, accepted_at, created_at, replaces_id)
    values ('${row.id}', '${CAMPAIGN}', '${row.grant}', '${row.key ?? row.id}', 1, '${PROVIDER}', 'api', ${row.yen}, '${row.state ?? 'requested'}',
      '${at}', '${row.acceptedAt ?? at}', '${at}', ${row.replaces ? `'${row.replaces}'` : 'null'})`;
}

/** The statement that makes the one code of a redemption. */
export function codeSql(id: string, redemption: string, yen: number): string {
  return `insert into codes (id, redemption_id, campaign_id, position, yen) values ('${id}', '${redemption}', '${CAMPAIGN}', 1, ${yen})`;
}

/** The statement that opens an attempt. */
export function issuanceSql(id: string, code: string, yen: number, key = id): string {
  return `insert into issuances (id, code_id, campaign_id, provider, yen, provider_key, state, created_at)
    values ('${id}', '${code}', '${CAMPAIGN}', '${PROVIDER}', ${yen}, '${key}', 'open', '${BEFORE}')`;
}

/** The statement that settles an attempt as issued. */
export function issuedSql(id: string, reference: string, digest = randomBytes(32)): string {
  return `update issuances set state = 'issued', reference = '${reference}', digest = '\\x${digest.toString('hex')}', settled_at = '${BEFORE}' where id = '${id}'`;
}

export interface Redeemed {
  readonly grantId: string;
  readonly redemptionId: string;
  readonly codeId: string;
  readonly issuanceId: string;
}

/** A grant redeemed whole: accepted, set aside, one open attempt. As owner. */
export async function insertRedeemed(owner: ClientBase, yen: number): Promise<Redeemed> {
  const grantId = await insertGrant(owner, { yen });
  const [redemptionId, codeId, issuanceId] = [randomUUID(), randomUUID(), randomUUID()];
  await owner.query(redemptionSql({ id: redemptionId, grant: grantId, yen }));
  await insertEntry(owner, {
    kind: 'accepted',
    legs: [
      { account: 'grant', grant: grantId, yen: -yen },
      { account: 'pending', grant: grantId, redemption: redemptionId, yen },
    ],
  });
  await owner.query(codeSql(codeId, redemptionId, yen));
  await owner.query(`update redemptions set state = 'issuing' where id = '${redemptionId}'`);
  await owner.query(issuanceSql(issuanceId, codeId, yen));
  return { grantId, redemptionId, codeId, issuanceId };
}

/** A bought code that waits. As owner. */
export async function insertStockCode(owner: ClientBase, importId: string, yen = 500): Promise<string> {
  const id = randomUUID();
  await owner.query(
    `insert into stock_codes (id, campaign_id, provider, import_id, yen, code_sealed, code_key_id, digest, expires_on)
     values ($1, $2, $3, $4, $5, 'x', 'k', $6, '2023-12-31')`,
    [id, CAMPAIGN, PROVIDER, importId, yen, randomBytes(32)],
  );
  return id;
}

/** An approval for one grant that an approver has given, as owner. */
export async function insertApproved(owner: ClientBase, grantId: string, act = 'reissue'): Promise<string> {
  const [id, operator, approver] = [randomUUID(), randomUUID(), randomUUID()];
  for (const [staff, role] of [
    [operator, 'operator'],
    [approver, 'approver'],
  ]) {
    await owner.query(`insert into staff (id, login, name, role, all_campaigns, created_at)
      values ('${staff}', 's${staff?.slice(0, 8)}', 'x', '${role}', true, '${BEFORE}')`);
  }
  await owner.query(`insert into approvals (id, campaign_id, act, subject_kind, subject_id, grant_id, yen, plan, reason, note, state,
      proposed_by, proposed_at, expires_at)
    select '${id}', campaign_id, '${act}', 'test', '${id}', id, 500, '{}', 'reported', '', 'proposed', '${operator}', '${BEFORE}',
      timestamptz '${BEFORE}' + interval '24 hours' from grants where id = '${grantId}'`);
  await owner.query(`update approvals set state = 'approved', decided_by = '${approver}', decided_at = '${BEFORE}' where id = '${id}'`);
  return id;
}

/** Voids an issued attempt on the strength of an approval. */
export function voidedSql(issuanceId: string, approvalId: string): string {
  return `update issuances set state = 'voided', voided_by = '${approvalId}', void_reason = 'cancelled', voided_at = '${BEFORE}'
    where id = '${issuanceId}'`;
}
