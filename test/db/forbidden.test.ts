import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  codeSql,
  DEADLINE,
  entrySql,
  insertCampaign,
  insertGrant,
  insertRedeemed,
  insertStockCode,
  issuanceSql,
  postingsSql,
  type Redeemed,
  redemptionSql,
} from '../support/rows';

/** What a statement can name. */
interface Rows extends Redeemed {
  readonly issued: Redeemed;
  readonly openGrant: string;
  readonly frozenGrant: string;
  readonly stockId: string;
}
type Statements = string | ((rows: Rows) => string | readonly string[]);

const id = () => randomUUID();
const denied = '42501';

/** What neither of the two roles may do. */
const forBoth: readonly (readonly [title: string, sqlstate: string, statements: Statements])[] = [
  ['change a posting', denied, 'update postings set yen = yen + 1'],
  ['delete a posting', denied, 'delete from postings'],
  ['empty the postings', denied, 'truncate postings'],
  ['change a journal entry', denied, `update journal_entries set reason = 'x'`],
  ['delete a journal entry', denied, 'delete from journal_entries'],
  ['empty the journal', denied, 'truncate journal_entries cascade'],
  ['read the audit', denied, 'select 1 from audit_entries'],
  ['change the audit', denied, `update audit_entries set actor = 'x'`],
  ['delete from the audit', denied, 'delete from audit_entries'],
  ['empty the audit', denied, 'truncate audit_entries'],
  ['change a reveal', denied, `update reveals set outcome = 'unavailable'`],
  ['delete a reveal', denied, 'delete from reveals'],
  ['empty the reveals', denied, 'truncate reveals'],
  ['delete a redemption', denied, 'delete from redemptions'],
  ['delete a code', denied, 'delete from codes'],
  ['delete an attempt', denied, 'delete from issuances'],
  ['delete a grant', denied, 'delete from grants'],
  ['raise a grant', denied, 'update grants set granted_yen = 999999'],
  ['move a deadline', denied, `update grants set deadline_at = '2030-01-01'`],
  ['unfreeze a grant', denied, 'update grants set frozen_at = null'],
  ['change a link', denied, `update grants set link_digest = sha256('x')`],
  [
    'make a grant',
    denied,
    `insert into grants (id, campaign_id, recipient_id, number, granted_yen, deadline_at, channel, link_key_id, link_digest, created_at)
      select id, campaign_id, recipient_id, number, granted_yen, deadline_at, channel, link_key_id, link_digest, created_at from grants`,
  ],
  ['change the amount of a redemption', denied, 'update redemptions set yen = 1'],
  ['move a redemption to another grant', denied, (r) => `update redemptions set grant_id = '${r.openGrant}'`],
  ['change an offer', denied, `update offers set source = 'stock'`],
  ['make a campaign', denied, `insert into campaigns select * from campaigns`],
  ['add an arrow', denied, `insert into redemption_arrows values ('cancelled', 'issuing')`],
  ['take an arrow away', denied, 'delete from redemption_arrows'],
  ['read recipients', denied, 'select contact_sealed from recipients'],
  [
    'invent a try of a message',
    denied,
    `insert into message_attempts values (gen_random_uuid(), 1, 'mail', now(), 'sent', null, null, null, now())`,
  ],
  ['change what came of a try', denied, `update message_attempts set state = 'sent'`],
  ['search recipients', denied, `select id from recipients where phone_index = 'x'`],
  ['change a recipient', denied, `update recipients set contact_sealed = 'x'`],
  ['load stock', denied, 'insert into stock_codes select * from stock_codes'],
  ['delete stock', denied, 'delete from stock_codes'],
  ['claim to have migrated', denied, `insert into kysely_migration values ('x', 'x')`],
  ['make a table', denied, 'create table mine (id int)'],
  ['make a temporary table', denied, 'create temporary table mine (id int)'],
  ['make a schema', denied, 'create schema mine'],
  ['make a function', denied, `create function mine() returns int language sql as 'select 1'`],
  ['make an extension', denied, 'create extension plpython3u'],
  ['replace a guard', denied, `create or replace function refuse_change() returns trigger language plpgsql as 'begin return null; end'`],
  ['drop a table', denied, 'drop table postings'],
  ['drop a trigger', denied, 'drop trigger postings_balance on postings'],
  ['drop a guard with all that hangs on it', denied, 'drop function refuse_change() cascade'],
  ['disable a trigger', denied, 'alter table postings disable trigger postings_append_only'],
  ['disable all triggers', denied, 'alter table redemptions disable trigger all'],
  ['drop a constraint', denied, 'alter table redemptions drop constraint redemptions_yen_check'],
  ['drop the index of the one live attempt', denied, 'drop index issuances_one_live_per_code'],
  ['switch triggers off for the session', denied, 'set session_replication_role = replica'],
  ['become the owner', denied, 'set role uketori_owner'],
  ['log in as the owner', denied, 'set session authorization uketori_owner'],
  ['make a role', denied, 'create role mine'],
  ['make itself superuser', denied, 'alter role current_user superuser'],
  ['join the owner', denied, 'grant uketori_owner to current_user'],
  ['change the password of the owner', denied, `alter role uketori_owner password 'x'`],
  ['lock everybody out', denied, 'lock table grants in access exclusive mode'],
  ['run a program', denied, `copy (select 1) to program 'true'`],
  ['write a file', denied, `copy (select 1) to '/tmp/uketori-test'`],
  ['read a file', denied, `select pg_read_file('/etc/passwd')`],
  ['hide from the log', denied, `set log_statement = 'none'`],
  ['rename the database', denied, 'alter database uketori_template rename to mine'],
  ['end a session of the owner', denied, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'uketori_owner'`],
  ['read passwords', denied, 'select passwd from pg_shadow'],
  ['claim to have migrated the queue', denied, 'insert into graphile_worker.migrations (id) values (999)'],
  ['drop the queue', denied, 'drop schema graphile_worker cascade'],
  [
    'write a journal entry that does not sum to zero',
    'UK001',
    (r) => entry('accepted', [{ account: 'grant', grant: r.openGrant, yen: 100 }]),
  ],
  [
    'take more than the residual',
    'UK002',
    (r) =>
      entry('lapsed', [
        { account: 'grant', grant: r.openGrant, yen: -1001 },
        { account: 'lapsed', grant: r.openGrant, yen: 1001 },
      ]),
  ],
  [
    'return more than was set aside',
    'UK002',
    (r) =>
      entry('returned', [
        { account: 'pending', grant: r.grantId, redemption: r.redemptionId, yen: -501 },
        { account: 'grant', grant: r.grantId, yen: 501 },
      ]),
  ],
  [
    'make money out of the fund',
    denied,
    (r) =>
      entry('granted', [
        { account: 'fund', yen: -100 },
        { account: 'grant', grant: r.openGrant, yen: 100 },
      ]),
  ],
  [
    'set yen aside for a redemption of somebody else',
    '23503',
    (r) =>
      entry('accepted', [
        { account: 'grant', grant: r.openGrant, yen: -100 },
        { account: 'pending', grant: r.openGrant, redemption: r.redemptionId, yen: 100 },
      ]),
  ],
  ['call an issuing redemption cancelled', 'UK004', (r) => `update redemptions set state = 'cancelled' where id = '${r.redemptionId}'`],
  [
    'send an issuing redemption back to requested',
    'UK004',
    (r) => `update redemptions set state = 'requested' where id = '${r.redemptionId}'`,
  ],
  ['call an issued redemption failed', 'UK004', (r) => `update redemptions set state = 'failed' where id = '${r.issued.redemptionId}'`],
  ['give a state that does not exist', 'UK004', (r) => `update redemptions set state = 'paid' where id = '${r.redemptionId}'`],
  ['return the yen of a code with a live attempt', 'UK004', (r) => `update codes set returned_at = now() where id = '${r.codeId}'`],
];

const forWeb: typeof forBoth = [
  ['accept at the deadline', 'UK005', (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1, at: DEADLINE })],
  ['accept after the deadline', 'UK005', (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1, at: '2023-06-01T00:00:01+09:00' })],
  [
    'accept late with an earlier date',
    'UK005',
    (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1, at: DEADLINE, acceptedAt: '2023-05-31T23:59:59+09:00' }),
  ],
  ['accept on a frozen grant', 'UK006', (r) => redemptionSql({ id: id(), grant: r.frozenGrant, yen: 1 })],
  ['accept a redemption as issued', 'UK004', (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1, state: 'issued' })],
  ['accept nothing', '23514', (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 0 })],
  ['accept less than nothing', '23514', (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: -5 })],
  ['accept the same request twice', '23505', (r) => redemptionSql({ id: id(), grant: r.grantId, yen: 1, key: r.redemptionId })],
  ['accept for a grant that does not exist', '23503', () => redemptionSql({ id: id(), grant: id(), yen: 1 })],
  ['replace a redemption that goes on', 'UK005', (r) => redemptionSql({ id: id(), grant: r.grantId, yen: 1, replaces: r.redemptionId })],
  [
    'replace the redemption of somebody else',
    'UK005',
    (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1, replaces: r.issued.redemptionId }),
  ],
  [
    'make codes of another sum',
    'UK001',
    (r) => {
      const redemption = id();
      return [redemptionSql({ id: redemption, grant: r.openGrant, yen: 100 }), codeSql(id(), redemption, 99)];
    },
  ],
  ['open an attempt', denied, (r) => issuanceSql(id(), r.codeId, 500)],
  ['settle an attempt', denied, (r) => `update issuances set state = 'declined', reason = 'rejected' where id = '${r.issuanceId}'`],
  ['read the ciphertext of stock', denied, 'select code_sealed from stock_codes'],
  ['read all of stock', denied, 'select * from stock_codes'],
  ['take stock', denied, 'update stock_codes set claimed_at = now()'],
  ['see jobs', denied, 'select * from graphile_worker.jobs'],
  ['delete jobs', denied, 'delete from graphile_worker._private_jobs'],
  ['add a job past the one way', denied, `select graphile_worker.add_job('issue-code')`],
];

const forWorker: typeof forBoth = [
  ['accept a redemption', denied, (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1 })],
  ['make a code', denied, (r) => codeSql(id(), r.redemptionId, 500)],
  ['open a second live attempt', '23505', (r) => issuanceSql(id(), r.codeId, 500)],
  ['open a second attempt for a code that was issued', '23505', (r) => issuanceSql(id(), r.issued.codeId, 700)],
  ['open an attempt for another amount', 'UK004', (r) => issuanceSql(id(), r.codeId, 501)],
  ['use a provider key twice', '23505', (r) => issuanceSql(id(), r.codeId, 500, r.issued.issuanceId)],
  ['change the key of an attempt', denied, `update issuances set provider_key = 'other'`],
  ['change the amount of an attempt', denied, 'update issuances set yen = 1'],
  ['use a reference twice', '23505', (r) => issuedWith(r.issuanceId, 'REF-1', 2)],
  ['use a code twice', '23505', (r) => issuedWith(r.issuanceId, 'REF-2', 1)],
  ['change the answer of an attempt', 'UK003', (r) => `update issuances set reference = 'REF-3' where id = '${r.issued.issuanceId}'`],
  [
    'call an issued attempt declined',
    'UK004',
    (r) => `update issuances set state = 'declined', reason = 'rejected' where id = '${r.issued.issuanceId}'`,
  ],
  ['open an issued attempt again', 'UK004', (r) => `update issuances set state = 'open' where id = '${r.issued.issuanceId}'`],
  [
    'void an attempt that was never issued',
    'UK004',
    (r) => `update issuances set state = 'voided', reference = 'V', digest = sha256('v') where id = '${r.issuanceId}'`,
  ],
  ['call an attempt issued without a reference', '23514', (r) => `update issuances set state = 'issued' where id = '${r.issuanceId}'`],
  ['decline without a reason', '23514', (r) => `update issuances set state = 'declined' where id = '${r.issuanceId}'`],
  [
    'keep a code on an attempt that is open',
    '23514',
    (r) => `update issuances set code_sealed = 'x', code_key_id = 'k' where id = '${r.issuanceId}'`,
  ],
  [
    'take stock and keep it there, too',
    '23514',
    (r) => `update stock_codes set issuance_id = '${r.issuanceId}', claimed_at = now() where id = '${r.stockId}'`,
  ],
  ['change the amount of stock', denied, 'update stock_codes set yen = 1'],
];

/** What they need, so that a refusal above is never just a role that can do nothing. */
const allowed: readonly (readonly ['web' | 'worker', string, Statements])[] = [
  [
    'web',
    'accept before the deadline',
    (r) => redemptionSql({ id: id(), grant: r.openGrant, yen: 1, at: '2023-05-31T23:59:59.999+09:00' }),
  ],
  ['web', 'lock a grant', (r) => `select 1 from grants where id = '${r.openGrant}' for no key update`],
  ['web', 'count stock', 'select campaign_id, yen, count(*) from stock_codes where issuance_id is null group by 1, 2'],
  ['web', 'add a job', `select enqueue_job('lapse-grants', '{"campaignId":"c"}'::json, 5, 'key', 3)`],
  [
    'web',
    'write the audit',
    `insert into audit_entries (id, at, actor, act, subject_kind, subject_id) values (gen_random_uuid(), now(), 'a', 'b', 'c', 'd')`,
  ],
  ['worker', 'settle an attempt', (r) => issuedWith(r.issuanceId, 'REF-9', 9)],
  ['worker', 'move a redemption on', (r) => `update redemptions set state = 'issued' where id = '${r.redemptionId}'`],
  [
    'worker',
    'post what was issued',
    (r) =>
      entry('issued', [
        { account: 'pending', grant: r.grantId, redemption: r.redemptionId, yen: -500 },
        { account: 'issued', grant: r.grantId, redemption: r.redemptionId, yen: 500 },
      ]),
  ],
  ['worker', 'see and take jobs', 'select * from graphile_worker._private_jobs for update skip locked'],
  ['worker', 'add a job', `select enqueue_job('issue-code:paypay', '{}'::json, 0, 'key', 3)`],
];

function entry(kind: string, legs: Parameters<typeof postingsSql>[1]['legs']): readonly string[] {
  const entryId = id();
  return [entrySql(entryId, { kind }), postingsSql(entryId, { legs })];
}

function issuedWith(issuance: string, reference: string, digest: number): string {
  return `update issuances set state = 'issued', reference = '${reference}', digest = sha256('${digest}') where id = '${issuance}'`;
}

let database: TestDatabase;
let rows: Rows;
let owner: pg.Client;
const clients: Partial<Record<'web' | 'worker', pg.Client>> = {};

beforeAll(async () => {
  database = await createTestDatabase();
  // Left open: the session that no role may end.
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  const { importId } = await insertCampaign(owner);
  const issued = await insertRedeemed(owner, 700);
  await owner.query(issuedWith(issued.issuanceId, 'REF-1', 1));
  await owner.query(`update redemptions set state = 'issued' where id = '${issued.redemptionId}'`);
  rows = {
    ...(await insertRedeemed(owner, 500)),
    issued,
    openGrant: await insertGrant(owner, { yen: 1000 }),
    frozenGrant: await insertGrant(owner, { yen: 1000, frozenAt: '2023-05-01T00:00:00+09:00' }),
    stockId: await insertStockCode(owner, importId),
  };
  clients.web = new pg.Client(database.webUrl);
  clients.worker = new pg.Client(database.workerUrl);
  await Promise.all([clients.web.connect(), clients.worker.connect()]);
});

afterAll(async () => {
  await Promise.all([clients.web?.end(), clients.worker?.end(), owner.end()]);
  await database.drop();
});

/** Runs the statements and rolls back; the last one's SQLSTATE, or null when all went through. An earlier one's failure is thrown. */
async function attempt(role: 'web' | 'worker', statements: Statements): Promise<string | null> {
  const client = clients[role];
  if (!client) throw new Error('not connected');
  const list = [typeof statements === 'string' ? statements : statements(rows)].flat();
  await client.query('begin');
  try {
    for (const statement of list.slice(0, -1)) await client.query(statement);
    return await client.query(list.at(-1) ?? '').then(
      () => null,
      (error: pg.DatabaseError) => error.code ?? error.message,
    );
  } finally {
    await client.query('rollback');
  }
}

describe('what the database refuses the web role', () => {
  it.each([...forBoth, ...forWeb])('%s', async (_title, sqlstate, statements) => {
    expect(await attempt('web', statements)).toBe(sqlstate);
  });
});

describe('what the database refuses the worker role', () => {
  it.each([...forBoth, ...forWorker])('%s', async (_title, sqlstate, statements) => {
    expect(await attempt('worker', statements)).toBe(sqlstate);
  });
});

describe('what the roles are for', () => {
  it.each(allowed)('%s may %s', async (role, _title, statements) => {
    expect(await attempt(role, statements)).toBeNull();
  });
});
