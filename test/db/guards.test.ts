import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REDEMPTION_ARROWS } from '~/domain/redemption';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  codeSql,
  DEADLINE,
  entrySql,
  insertApproved,
  insertCampaign,
  insertEntry,
  insertGrant,
  insertRedeemed,
  insertStockCode,
  issuanceSql,
  issuedSql,
  type LegRow,
  postingsSql,
  type Redeemed,
  redemptionSql,
  voidedSql,
} from '../support/rows';

// Everything here runs as the owner of the tables: the guards bind whoever writes, not only the runtime roles.
let database: TestDatabase;
let owner: pg.Client;
let importId: string;
const id = () => randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  owner = await connect();
  ({ importId } = await insertCampaign(owner));
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  return client;
}

/** The SQLSTATE of a refused statement; null when it went through. */
async function refusal(statement: string | Promise<unknown>): Promise<string | null> {
  return Promise.resolve(typeof statement === 'string' ? owner.query(statement) : statement).then(
    () => null,
    (error: pg.DatabaseError) => error.code ?? error.message,
  );
}

async function residual(grant: string): Promise<number> {
  const { rows } = await owner.query(`select coalesce(sum(yen), 0)::int as yen from postings where account = 'grant' and grant_id = $1`, [
    grant,
  ]);
  return rows[0].yen;
}

const take = (grant: string, yen: number): LegRow[] => [
  { account: 'grant', grant, yen: -yen },
  { account: 'lapsed', grant, yen },
];

describe('the ledger', () => {
  it.each(['postings', 'journal_entries', 'reveals', 'audit_entries'])('%s can only be added to, even by the owner', async (table) => {
    const column = table === 'postings' ? 'campaign_id' : 'actor';
    expect(await refusal(`update ${table} set ${column} = ${column}`)).toBe('UK003');
    expect(await refusal(`delete from ${table}`)).toBe('UK003');
    expect(await refusal(`truncate ${table} cascade`)).toBe('UK003');
  });

  it.each(['redemptions', 'codes', 'issuances'])('%s stay, even for the owner and through a cascade', async (table) => {
    expect(await refusal(`delete from ${table}`)).toBe('UK003');
    expect(await refusal(`truncate ${table} cascade`)).toBe('UK003');
    expect(await refusal('truncate campaigns cascade')).toBe('UK003');
  });

  it('refuses an entry that does not sum to zero, and one that gets another posting later', async () => {
    const grant = await insertGrant(owner, { yen: 100 });
    expect(await refusal(insertEntry(owner, { kind: 'corrected', legs: [{ account: 'grant', grant, yen: 1 }] }))).toBe('UK001');
    const entry = await insertEntry(owner, { kind: 'lapsed', legs: take(grant, 10) });
    expect(await refusal(postingsSql(entry, { legs: [{ account: 'grant', grant, yen: 5 }] }).replace(', 1,', ', 3,'))).toBe('UK001');
    expect(await residual(grant)).toBe(90);
  });

  it('refuses a posting of nothing', async () => {
    const entry = id();
    await owner.query(entrySql(entry, { kind: 'corrected' }));
    expect(await refusal(postingsSql(entry, { legs: [{ account: 'fund', yen: 0 }] }))).toBe('23514');
  });

  it('refuses a negative balance, down to one yen', async () => {
    const grant = await insertGrant(owner, { yen: 100 });
    expect(await refusal(insertEntry(owner, { kind: 'lapsed', legs: take(grant, 101) }))).toBe('UK002');
    expect(await refusal(insertEntry(owner, { kind: 'lapsed', legs: take(grant, 100) }))).toBeNull();
    expect(await refusal(insertEntry(owner, { kind: 'lapsed', legs: take(grant, 1) }))).toBe('UK002');
  });

  it('refuses yen of one campaign in the books of another', async () => {
    await insertCampaign(owner, 'other');
    const grant = await insertGrant(owner, { yen: 100, campaign: 'other' });
    expect(await refusal(insertEntry(owner, { kind: 'lapsed', legs: take(grant, 1) }))).toBe('23503');
  });

  it('lets one of two takers have the residual, whichever is first, and refuses the other', async () => {
    const grant = await insertGrant(owner, { yen: 100 });
    const second = await connect();
    const pidOfSecond = (await second.query('select pg_backend_pid() as pid')).rows[0].pid;
    await owner.query('begin');
    await second.query('begin');
    await insertEntry(owner, { kind: 'lapsed', legs: take(grant, 100) });
    const waiting = refusal(insertEntry(second, { kind: 'lapsed', legs: take(grant, 100) }));
    await untilWaiting(owner, pidOfSecond);
    await owner.query('commit');
    expect(await waiting).toBe('UK002');
    await second.query('rollback');
    await second.end();
    expect(await residual(grant)).toBe(0);
  });

  it('lets twenty takers of 10 yen have 100 yen between them, no more and no less', async () => {
    const grant = await insertGrant(owner, { yen: 100 });
    const takers = await Promise.all(Array.from({ length: 20 }, connect));
    const results = await Promise.all(
      takers.map(async (client) => {
        await client.query('begin');
        const refused = await refusal(insertEntry(client, { kind: 'lapsed', legs: take(grant, 10) }));
        await client.query(refused ? 'rollback' : 'commit');
        await client.end();
        return refused;
      }),
    );
    expect(results.filter((refused) => refused === null)).toHaveLength(10);
    expect(results.filter((refused) => refused === 'UK002')).toHaveLength(10);
    expect(await residual(grant)).toBe(0);
  });

  it.each(['repeatable read', 'serializable'])(
    'refuses to be written under %s, where a snapshot may hide the quicker taker',
    async (isolation) => {
      const grant = await insertGrant(owner, { yen: 100 });
      await owner.query(`begin isolation level ${isolation}`);
      expect(await refusal(insertEntry(owner, { kind: 'lapsed', legs: take(grant, 1) }))).toBe('UK007');
      await owner.query('rollback');
    },
  );

  it('checks what is loaded with COPY as well', async () => {
    const { from } = await import('pg-copy-streams');
    const entry = id();
    await owner.query(entrySql(entry, { kind: 'corrected' }));
    const stream = owner.query(from('copy postings (entry_id, position, campaign_id, account, yen) from stdin'));
    const done = new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject));
    stream.end(`${entry}\t1\tkumamoto-test\tfund\t-5\n`);
    expect(await refusal(done)).toBe('UK001');
  });
});

describe('a new grant', () => {
  it.each([
    ['at its programme’s deadline', DEADLINE, null],
    ['later', '2023-06-01T00:00:00.001+09:00', null],
    ['a millisecond before it', '2023-05-31T23:59:59.999+09:00', 'UK009'],
  ])('that lapses %s', async (_title, deadline, expected) => {
    expect(await refusal(insertGrant(owner, { yen: 1000, deadline }))).toBe(expected);
  });
});

describe('a redemption', () => {
  let grant: string;
  beforeEach(async () => {
    grant = await insertGrant(owner, { yen: 1000 });
  });

  it.each([
    ['a millisecond before the deadline', '2023-05-31T23:59:59.999+09:00', null],
    ['at the deadline', DEADLINE, 'UK005'],
    ['a millisecond after it', '2023-06-01T00:00:00.001+09:00', 'UK005'],
  ])('dated %s', async (_title, at, expected) => {
    expect(await refusal(redemptionSql({ id: id(), grant, yen: 1, at }))).toBe(expected);
  });

  it('that replaces another keeps the date on which that one was accepted, also after the deadline', async () => {
    const first = id();
    await owner.query(redemptionSql({ id: first, grant, yen: 10 }));
    const replacement = { grant, yen: 10, at: '2023-06-03T12:00:00+09:00', replaces: first };
    const accepted = '2023-05-20T10:00:00+09:00';
    expect(await refusal(redemptionSql({ id: id(), ...replacement, acceptedAt: accepted }))).toBe('UK005');
    await owner.query(`update redemptions set state = 'cancelled' where id = '${first}'`);
    expect(await refusal(redemptionSql({ id: id(), ...replacement, acceptedAt: '2023-05-21T00:00:00+09:00' }))).toBe('UK005');
    expect(await refusal(redemptionSql({ id: id(), ...replacement, acceptedAt: accepted }))).toBeNull();
  });

  it('cannot be made twice with one request key', async () => {
    const key = 'request-key-0001';
    expect(await refusal(redemptionSql({ id: id(), grant, yen: 1, key }))).toBeNull();
    expect(await refusal(redemptionSql({ id: id(), grant, yen: 1, key }))).toBe('23505');
  });

  it('is refused while the grant is frozen', async () => {
    const frozen = await insertGrant(owner, { yen: 1000, frozenAt: '2023-05-01T00:00:00+09:00' });
    expect(await refusal(redemptionSql({ id: id(), grant: frozen, yen: 1 }))).toBe('UK006');
  });

  it('changes in nothing but its state', async () => {
    const row = id();
    await owner.query(redemptionSql({ id: row, grant, yen: 10 }));
    for (const change of ['yen = 11', `provider = 'x'`, `request_key = 'another-key-0001'`, `accepted_at = now()`, `source = 'stock'`]) {
      expect(await refusal(`update redemptions set ${change} where id = '${row}'`), change).toBe('UK003');
    }
  });

  it('has codes that make its amount exactly', async () => {
    const row = id();
    await owner.query(redemptionSql({ id: row, grant, yen: 10 }));
    expect(await refusal(codeSql(id(), row, 9))).toBe('UK001');
    expect(await refusal(codeSql(id(), row, 10))).toBeNull();
    expect(await refusal(codeSql(id(), row, 10))).toBe('23505');
  });

  const states = Object.keys(REDEMPTION_ARROWS) as (keyof typeof REDEMPTION_ARROWS)[];
  it.each(states.flatMap((from) => states.map((to) => ({ from, to }))))(
    'goes from $from to $to only where the rules have an arrow',
    async ({ from, to }) => {
      const row = id();
      await owner.query(redemptionSql({ id: row, grant, yen: 1 }));
      for (const state of wayFromRequested(from)) await owner.query(`update redemptions set state = '${state}' where id = '${row}'`);
      const legal = from === to || (REDEMPTION_ARROWS[from] as readonly string[]).includes(to);
      expect(await refusal(`update redemptions set state = '${to}' where id = '${row}'`)).toBe(legal ? null : 'UK004');
    },
  );

  it('knows the same arrows as the rules', async () => {
    const { rows } = await owner.query('select from_state, to_state from redemption_arrows');
    const held = rows.map((row: { from_state: string; to_state: string }) => `${row.from_state} → ${row.to_state}`);
    expect(held.sort()).toEqual(states.flatMap((from) => REDEMPTION_ARROWS[from].map((to) => `${from} → ${to}`)).sort());
  });
});

describe('an attempt', () => {
  let made: Redeemed;
  beforeEach(async () => {
    made = await insertRedeemed(owner, 500);
  });

  it('is the only live one of its code while open, unknown or issued', async () => {
    const second = () => refusal(issuanceSql(id(), made.codeId, 500));
    expect(await second()).toBe('23505');
    await owner.query(`update issuances set state = 'unknown' where id = '${made.issuanceId}'`);
    expect(await second()).toBe('23505');
    await owner.query(issuedSql(made.issuanceId, id()));
    expect(await second()).toBe('23505');
    await owner.query(voidedSql(made.issuanceId, await insertApproved(owner, made.grantId)));
    expect(await second()).toBeNull();
  });

  it('wins alone when two workers open it at once', async () => {
    await owner.query(`update issuances set state = 'declined', reason = 'throttled' where id = '${made.issuanceId}'`);
    const workers = await Promise.all([connect(), connect()]);
    const results = await Promise.all(workers.map((client) => refusal(client.query(issuanceSql(id(), made.codeId, 500)))));
    await Promise.all(workers.map((client) => client.end()));
    expect(results.sort()).toEqual(['23505', null]);
  });

  it('has a reference and a code that no other attempt has, ever', async () => {
    const other = await insertRedeemed(owner, 500);
    const [reference, digest] = [id(), randomBytes(32)];
    await owner.query(issuedSql(made.issuanceId, reference, digest));
    expect(await refusal(issuedSql(other.issuanceId, reference))).toBe('23505');
    expect(await refusal(issuedSql(other.issuanceId, id(), digest))).toBe('23505');
    await owner.query(voidedSql(made.issuanceId, await insertApproved(owner, made.grantId)));
    expect(await refusal(issuedSql(other.issuanceId, reference))).toBe('23505');
  });

  it('is for the amount and the provider of its code', async () => {
    await owner.query(`update issuances set state = 'declined', reason = 'rejected' where id = '${made.issuanceId}'`);
    expect(await refusal(issuanceSql(id(), made.codeId, 499))).toBe('UK004');
    expect(await refusal(issuanceSql(id(), made.codeId, 500).replace(`'paypay'`, `'edy'`))).toBe('UK004');
  });

  it('keeps its key, its amount and its answer', async () => {
    await owner.query(issuedSql(made.issuanceId, id()));
    for (const change of [`provider_key = 'x'`, 'yen = 1', `reference = 'x'`, `digest = sha256('x')`, 'reference = null']) {
      expect(await refusal(`update issuances set ${change} where id = '${made.issuanceId}'`), change).toBe('UK003');
    }
  });

  it('is voided only on the strength of an approval for its own grant that was given', async () => {
    await owner.query(issuedSql(made.issuanceId, id()));
    expect(await refusal(`update issuances set state = 'voided' where id = '${made.issuanceId}'`)).toBe('23514');
    const other = await insertRedeemed(owner, 500);
    expect(await refusal(voidedSql(made.issuanceId, await insertApproved(owner, other.grantId)))).toBe('UK008');
    expect(await refusal(voidedSql(made.issuanceId, await insertApproved(owner, made.grantId)))).toBeNull();
  });

  it('never goes back', async () => {
    await owner.query(`update issuances set state = 'declined', reason = 'rejected' where id = '${made.issuanceId}'`);
    for (const state of ['open', 'unknown', 'issued', 'voided']) {
      expect(
        await refusal(`update issuances set state = '${state}', reference = 'r', digest = sha256('r') where id = '${made.issuanceId}'`),
        state,
      ).toBe('UK004');
    }
  });

  it('that lives keeps the yen of its code from going back', async () => {
    const giveBack = () => refusal(`update codes set returned_at = now() where id = '${made.codeId}'`);
    expect(await giveBack()).toBe('UK004');
    await owner.query(`update issuances set state = 'declined', reason = 'rejected' where id = '${made.issuanceId}'`);
    expect(await giveBack()).toBeNull();
    expect(await refusal(issuanceSql(id(), made.codeId, 500))).toBe('UK004');
  });
});

describe('a bought code', () => {
  it('is handed out once, and is empty then', async () => {
    const stock = await insertStockCode(owner, importId);
    const [first, second] = [await insertRedeemed(owner, 500), await insertRedeemed(owner, 500)];
    const claim = (issuance: string) =>
      `update stock_codes set issuance_id = '${issuance}', claimed_at = now(), code_sealed = null, code_key_id = null where id = '${stock}'`;
    expect(await refusal(claim(first.issuanceId))).toBeNull();
    expect(await refusal(claim(second.issuanceId))).toBe('UK003');
    expect(
      await refusal(
        `update stock_codes set issuance_id = null, claimed_at = null, code_sealed = 'x', code_key_id = 'k' where id = '${stock}'`,
      ),
    ).toBe('UK003');
  });

  it('cannot become another code or another amount', async () => {
    const stock = await insertStockCode(owner, importId);
    expect(await refusal(`update stock_codes set yen = 1 where id = '${stock}'`)).toBe('UK003');
    expect(await refusal(`update stock_codes set digest = sha256('x') where id = '${stock}'`)).toBe('UK003');
  });

  it('is in stock once', async () => {
    await insertStockCode(owner, importId);
    const copy = `insert into stock_codes (id, campaign_id, provider, import_id, yen, code_sealed, code_key_id, digest, expires_on)
      select gen_random_uuid(), campaign_id, provider, import_id, yen, code_sealed, code_key_id, digest, expires_on from stock_codes where code_sealed is not null limit 1`;
    expect(await refusal(copy)).toBe('23505');
  });
});

/** Returns once the session of `waiter` waits for a lock. */
async function untilWaiting(client: pg.Client, waiter: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query('select cardinality(pg_blocking_pids($1)) as blockers', [waiter]);
    if (rows[0].blockers > 0) return;
  }
}

function wayFromRequested(to: string): readonly string[] {
  const ways: Record<string, string[]> = {
    requested: [],
    issuing: ['issuing'],
    in_doubt: ['issuing', 'in_doubt'],
    failed: ['issuing', 'failed'],
    issued: ['issuing', 'issued'],
    cancelled: ['cancelled'],
  };
  return ways[to] ?? [];
}
