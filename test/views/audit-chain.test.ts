import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '#db/audit';
import { getHead } from '#db/audit-chain';
import { makeSigner, type Signer } from '~/crypto.server';
import { anchorAudit } from '~/services/anchor-audit';
import { verifyAuditChain } from '~/views/audit-chain';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';

let database: TestDatabase;
let owner: TestPortal;
let web: TestPortal;
let console_: TestPortal;
let signer: Signer;

beforeEach(async () => {
  database = await createTestDatabase();
  const keys = testKeys();
  owner = makeTestPortal(database.ownerUrl, { keys });
  web = makeTestPortal(database.webUrl, { keys, clock: owner.clock });
  console_ = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
  signer = makeSigner({ keys: [{ id: 'p1', secret: randomBytes(32) }] });
  for (let i = 1; i <= 5; i += 1) await note(web, `act ${i}`);
});
afterEach(async () => {
  for (const portal of [owner, web, console_]) await portal.close();
  await database.drop();
});

function note(portal: TestPortal, act: string, detail: Record<string, string | number> = { yen: 100, 理由: '確認' }): Promise<void> {
  const at = portal.clock.now();
  const entry = { id: portal.crypto.newId(at), campaignId: null, at, actor: 'test', act, subjectKind: 'thing', subjectId: '1', detail };
  return portal.db.transaction().execute((trx) => appendAudit(trx, entry));
}

/** As somebody who may do everything: triggers and foreign keys are off. */
async function tamper(statement: string): Promise<void> {
  const client = new pg.Client(database.superuserUrl);
  await client.connect();
  await client.query(`set session_replication_role = replica; ${statement}`).finally(() => client.end());
}

const verify = (options: Parameters<typeof verifyAuditChain>[1] = {}) => verifyAuditChain(owner.db, options);
const anchor = () => anchorAudit({ ...console_, signer });
const entryAt = (seq: number) => `(select entry_id from audit_links where seq = ${seq})`;

describe('the audit chain', () => {
  it('links every entry when its transaction commits, and none when it does not', async () => {
    const undone = web.db.transaction().execute(async (trx) => {
      const at = web.clock.now();
      await appendAudit(trx, {
        id: web.crypto.newId(at),
        campaignId: null,
        at,
        actor: 'x',
        act: 'undone',
        subjectKind: 'x',
        subjectId: 'x',
      });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await verify()).toMatchObject({ entries: 5n, fault: null });
  });

  it('stays whole when many write at once', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, i) => note(i % 2 === 0 ? web : console_, `at once ${i}`)));
    expect(await verify()).toMatchObject({ entries: 65n, fault: null });
  });

  it('tells two entries apart whose texts run into each other', async () => {
    await note(web, 'a', { b: '1' });
    await note(web, 'a1', { b: '' });
    expect((await verify()).fault).toBeNull();
  });

  it.each([
    ['an edit', `update audit_entries set detail = '{"yen": 1}' where id = ${entryAt(3)}`, { kind: 'edited', seq: 3n }],
    ['another actor', `update audit_entries set actor = 'nobody' where id = ${entryAt(2)}`, { kind: 'edited', seq: 2n }],
    ['another time', `update audit_entries set at = at + interval '1 microsecond' where id = ${entryAt(1)}`, { kind: 'edited', seq: 1n }],
    ['a deletion', `delete from audit_entries where id = ${entryAt(4)}`, { kind: 'deleted', seq: 4n }],
    [
      'a deletion with its link',
      `delete from audit_entries where id = ${entryAt(4)}; delete from audit_links where seq = 4`,
      { kind: 'gap', seq: 4n },
    ],
    [
      'another order',
      'update audit_links set seq = 100 where seq = 2; update audit_links set seq = 2 where seq = 3; update audit_links set seq = 3 where seq = 100',
      { kind: 'edited', seq: 2n },
    ],
    [
      'an entry that was slipped in',
      `insert into audit_entries (id, at, actor, act, subject_kind, subject_id) values (gen_random_uuid(), now(), 'x', 'x', 'x', 'x')`,
      { kind: 'unlinked' },
    ],
    ['a cut tail', 'delete from audit_links where seq > 3', { kind: 'cut', seq: 3n, known: 5n }],
  ])('finds %s', async (_what, statement, fault) => {
    await tamper(statement);
    expect((await verify()).fault).toMatchObject(fault);
  });

  it('finds a tail that was cut together with its head, by what was signed or noted', async () => {
    const noted = await getHead(owner.db);
    expect(await anchor()).toBe(5n);
    const cut = `delete from audit_entries where id in (select entry_id from audit_links where seq > 3); delete from audit_links where seq > 3;
      update audit_head set seq = 3, hash = (select hash from audit_links where seq = 3)`;
    await tamper(cut);
    expect((await verify()).fault).toMatchObject({ kind: 'cut', known: 5n });
    await tamper('delete from audit_anchors');
    expect((await verify()).fault).toBeNull();
    expect((await verify({ heads: [noted] })).fault).toMatchObject({ kind: 'cut', known: 5n });
  });

  it('can be checked for its newest part alone, on the hash that is stored before it', async () => {
    expect(await verify({ newest: 2 })).toMatchObject({ from: 3n, entries: 5n, fault: null });
    expect(await verify({ newest: 99 })).toMatchObject({ from: 0n, entries: 5n, fault: null });
    await tamper(`update audit_entries set actor = 'nobody' where id = ${entryAt(2)}`);
    expect((await verify({ newest: 2 })).fault).toBeNull();
    expect((await verify({ newest: 4 })).fault).toMatchObject({ kind: 'edited', seq: 2n });
    await tamper(`update audit_entries set actor = 'nobody' where id = ${entryAt(4)}`);
    expect((await verify({ newest: 2 })).fault).toMatchObject({ kind: 'edited', seq: 4n });
  });

  it('is held against every head that was noted for a place', async () => {
    const noted = await getHead(owner.db);
    const other = { seq: noted.seq, hash: Buffer.alloc(32) };
    for (const heads of [
      [other, noted],
      [noted, other],
    ]) {
      expect((await verify({ heads })).fault).toMatchObject({ kind: 'rewritten', seq: 5n });
    }
  });

  it('finds a chain that was made anew from an edit on, by what was signed', async () => {
    await anchor();
    await tamper(`update audit_entries set actor = 'nobody' where id = ${entryAt(2)};
      do $$ declare l record; h bytea := sha256('uketori audit'); begin
        for l in select k.seq, e from audit_links k join audit_entries e on e.id = k.entry_id order by k.seq loop
          h := sha256(h || convert_to(audit_text(l.e), 'UTF8'));
          update audit_links set hash = h where seq = l.seq;
        end loop;
        update audit_head set hash = h; update audit_anchors set hash = h;
      end $$`);
    expect((await verify()).fault).toBeNull();
    expect((await verify({ publicKeys: [signer.publicKey] })).fault).toMatchObject({ kind: 'bad_signature', seq: 5n });
  });

  it('is signed where it stands, once, and the signature is checked', async () => {
    expect(await anchor()).toBe(5n);
    expect(await anchor()).toBeNull();
    await note(web, 'more');
    expect(await anchor()).toBe(6n);
    expect(await verify({ publicKeys: [signer.publicKey] })).toMatchObject({ anchors: 2, signatures: 2, fault: null });
    const other = makeSigner({ keys: [{ id: 'p1', secret: randomBytes(32) }] });
    expect((await verify({ publicKeys: [other.publicKey] })).fault).toMatchObject({ kind: 'bad_signature' });
  });

  it('is out of reach of every running role', async () => {
    for (const url of [database.webUrl, database.workerUrl, database.consoleUrl]) {
      const client = new pg.Client(url);
      await client.connect();
      for (const statement of [
        'update audit_links set seq = seq + 10',
        'delete from audit_links',
        `insert into audit_links values (99, gen_random_uuid(), sha256('x'))`,
        `update audit_head set hash = sha256('x')`,
        'delete from audit_anchors',
      ]) {
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
      }
      await client.end();
    }
  });
});
