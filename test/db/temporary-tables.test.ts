import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal } from '../support/portal';
import { DEADLINE, insertGrants, insertProgramme } from '../support/programme';

let database: TestDatabase;
let owner: TestPortal;
let console: pg.Client;
let campaignId: string;
let grantId: string;
/** Made by one person, agreed to by nobody. */
const proposal = '019d0000-0000-7000-8000-0000000000a1';

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl);
  campaignId = await insertProgramme(owner, [{ provider: 'amazon' }]);
  [grantId = ''] = await insertGrants(owner, campaignId, [500]);
  console = new pg.Client(database.consoleUrl);
  await console.connect();
  const staff = '019d0000-0000-7000-8000-0000000000b1';
  await console.query(
    `insert into staff (id, login, name, role, all_campaigns, created_at) values ($1, 'one', 'One', 'operator', true, $2)`,
    [staff, owner.clock.now()],
  );
  await console.query(
    `insert into approvals (id, campaign_id, act, subject_kind, subject_id, grant_id, yen, plan, reason, note, proposed_by, proposed_at, expires_at, state)
      values ($1, $2, 'extend', 'grant', $3, $4, 500, '{}', 'other', '', $5, $6, $7, 'proposed')`,
    [proposal, campaignId, grantId, grantId, staff, owner.clock.now(), DEADLINE],
  );
});
afterAll(async () => {
  await console.end();
  await owner.close();
  await database.drop();
});

/** Runs statements of the console's in a transaction that is rolled back. @returns the code of what refused them */
async function attempt(...statements: [string, unknown[]?][]): Promise<string | undefined> {
  await console.query('begin');
  try {
    for (const [statement, values] of statements) await console.query(statement, values);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    await console.query('rollback');
  }
}

describe('tables that a session makes for itself', () => {
  it('are looked at last by every function', async () => {
    const { rows } = await sql<{ name: string }>`
      select p.oid::regprocedure::text as name from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
          and not 'search_path=pg_catalog, public, pg_temp' = any(coalesce(p.proconfig, '{}'))
    `.execute(owner.db);
    expect(rows).toEqual([]);
  });

  it('stand in for no approval where the console moves a deadline', async () => {
    const refused = await attempt(
      [`create temporary table approvals as select * from public.approvals`],
      [`update pg_temp.approvals set state = 'approved'`],
      [`update grants set deadline_at = deadline_at + interval '1 day', deadline_by = $2 where id = $1`, [grantId, proposal]],
    );
    expect(refused).toBe('UK008');
  });

  it('make no grant out of a claim that there is not', async () => {
    const claim = '019d0000-0000-7000-8000-0000000000c1';
    const refused = await attempt(
      [`create temporary table approvals as select * from public.approvals`],
      [`update pg_temp.approvals set state = 'approved', act = 'approve_claims'`],
      [
        `create temporary table approval_claims as select $1::uuid as approval_id, $2::uuid as claim_id, $3::text as campaign_id, 9000::bigint as yen,
        'waiting' as state, now() as at`,
        [proposal, claim, campaignId],
      ],
      [
        `create temporary table claims as select $1::uuid as id, '1234567897' as number, 'checking' as state, $2::text as campaign_id,
        now() as state_at, null::text as reason, null::uuid as grant_id, null::uuid as approval_id`,
        [claim, campaignId],
      ],
      [`create temporary table claim_coupons as select $1::uuid as claim_id, 'X' as inquiry_number, null::uuid as coupon_id`, [claim]],
      [
        `create temporary table coupons as select $1::uuid as id, $2::text as campaign_id, 'X' as inquiry_number, 'X' as plain_number`,
        [claim, campaignId],
      ],
      [`create temporary table cutoff_lines as select $1::uuid as coupon_id, 'claim' as way`, [claim]],
      [`create temporary table coupon_entries as select $1::uuid as coupon_id, 'taken' as kind, 9000::bigint as yen`, [claim]],
      [`create temporary table grant_coupons (coupon_id uuid, grant_id uuid, campaign_id text, yen bigint)`],
      [`grant all on all tables in schema pg_temp to public`],
      [
        `select grant_claim($1, $2, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '\\x00', 'k', 'k', null, null, null, null, 'k',
        $3, 'staff:one', $4)`,
        [proposal, claim, Buffer.alloc(32, 7), owner.clock.now()],
      ],
    );
    expect(refused).toBe('UK008');
  });
});
