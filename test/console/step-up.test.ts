import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makePool } from '#db/database';
import { formOf } from '~/auth/form';
import type { StaffVisit } from '~/auth/staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from '~/auth/step-up';
import { makeSignInLimits } from '~/context.server';
import { makePasskey, type SoftPasskey } from '../support/authenticator';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeTestPortal, type TestPortal, testKeys } from '../support/portal';
import { insertSession, insertSoftPasskey, insertStaff, type TestStaff } from '../support/staff';

/** A proof is for one act on one thing for one amount: what it was asked for and nothing beside it. */
const PUBLIC_URL = 'https://uketori.example';
const BINDING: StepUpBinding = { act: 'decide', subject: 'approval-1', yen: 1_357n };

let database: TestDatabase;
let owner: TestPortal;
let portal: TestPortal;
let staff: TestStaff;
let passkey: SoftPasskey;
const keys = testKeys();
const pools: ReturnType<typeof makePool>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = makeTestPortal(database.ownerUrl, { keys });
  portal = makeTestPortal(database.consoleUrl, { keys, clock: owner.clock });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await portal.close();
  await owner.close();
  await database.drop();
});
beforeEach(async () => {
  owner.clock.advance(60_000);
  staff = await insertStaff(owner, 'approver');
  passkey = makePasskey(PUBLIC_URL);
  await insertSoftPasskey(owner, staff, passkey);
});

/** One web process of several: its own connections for counting. */
function process() {
  const pool = makePool(database.webUrl, { max: 2, name: 'test-limits', usualTypes: true });
  pools.push(pool);
  return makeSignInLimits(pool, portal);
}

async function visitOf(limits = process()): Promise<StaffVisit> {
  const token = await insertSession(owner, staff);
  const digest = owner.crypto.tokenDigest('staff-session', token);
  const { id } = await owner.db.selectFrom('staff_sessions').select('id').where('digest', '=', digest).executeTakeFirstOrThrow();
  // What a proof looks at; the rest of a visit is about pages.
  const visit = {
    portal,
    staff,
    session: { id },
    now: owner.clock.now(),
    console: limits,
    context: { publicUrl: PUBLIC_URL },
    renewal: { cookie: null },
    request: new Request(PUBLIC_URL, { headers: { cookie: `__Host-staff=${token}` } }),
  };
  return visit as unknown as StaffVisit;
}

const form = (fields: Record<string, string>) => formOf(new URLSearchParams(fields));

async function proofFor(visit: StaffVisit, binding: StepUpBinding) {
  const { passkey: offer } = await offerStepUp(visit, binding);
  if (!offer) throw new Error('no passkey offered');
  return form({ passkey: passkey.prove(offer.options), passkey_challenge: offer.sealed });
}

describe('a proof by passkey', () => {
  it('is taken for what it was asked for', async () => {
    const visit = await visitOf();
    const result = await checkStepUp(visit, await proofFor(visit, BINDING), BINDING);
    expect(result.kind).toBe('proven');
    expect(visit.renewal.cookie).toMatch(/^__Host-staff=/);
  });

  it.each<[string, StepUpBinding]>([
    ['another act', { ...BINDING, act: 'reissue' }],
    ['another thing', { ...BINDING, subject: 'approval-2' }],
    ['another amount', { ...BINDING, yen: 1_358n }],
    ['no amount', { ...BINDING, yen: null }],
  ])('is refused for %s', async (_title, other) => {
    const visit = await visitOf();
    expect(await checkStepUp(visit, await proofFor(visit, other), BINDING)).toEqual({ kind: 'refused', reason: 'wrong' });
    expect(visit.renewal.cookie).toBeNull();
  });

  it('answers once, also when it is sent twice at the same time', async () => {
    const visit = await visitOf();
    const proof = await proofFor(visit, BINDING);
    const results = await Promise.all([checkStepUp(visit, proof, BINDING), checkStepUp(visit, proof, BINDING)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['proven', 'refused']);
  });

  it('answers once, also by a passkey that does not count its uses', async () => {
    passkey = makePasskey(PUBLIC_URL, { counts: false });
    await insertSoftPasskey(owner, staff, passkey, 2);
    const proof = await proofFor(await visitOf(), BINDING);
    const visit = await visitOf();
    expect((await checkStepUp(visit, proof, BINDING)).kind, 'of another session').toBe('refused');
    const own = await proofFor(visit, BINDING);
    expect((await checkStepUp(visit, own, BINDING)).kind).toBe('proven');
    expect(await checkStepUp(visit, own, BINDING)).toEqual({ kind: 'refused', reason: 'wrong' });
  });

  it('is worth nothing in a session that has ended', async () => {
    const visit = await visitOf();
    const proof = await proofFor(visit, BINDING);
    await owner.db.updateTable('staff_sessions').set({ ended_at: owner.clock.now(), end_reason: 'role_changed' }).execute();
    expect(await checkStepUp(visit, proof, BINDING)).toEqual({ kind: 'refused', reason: 'expired' });
  });
});

describe('guesses at numbers', () => {
  it('are counted over all processes, and never keep a passkey waiting', async () => {
    for (let i = 0; i < 10; i += 1) {
      expect(await checkStepUp(await visitOf(), form({ totp: '000000' }), BINDING)).toEqual({ kind: 'refused', reason: 'wrong' });
    }
    const stopped = await checkStepUp(await visitOf(), form({ totp: staff.totp() }), BINDING);
    expect(stopped).toMatchObject({ kind: 'refused', reason: 'tooMany' });
    const visit = await visitOf();
    expect((await checkStepUp(visit, await proofFor(visit, BINDING), BINDING)).kind).toBe('proven');
  });

  it('sent at the same time are counted one by one', async () => {
    const limits = process();
    const visits = await Promise.all(Array.from({ length: 16 }, () => visitOf(limits)));
    const results = await Promise.all(visits.map((visit) => checkStepUp(visit, form({ totp: '000000' }), BINDING)));
    expect(results.filter((result) => result.kind === 'refused' && result.reason === 'tooMany')).toHaveLength(6);
  });

  it('of somebody without any means say so', async () => {
    await owner.db.updateTable('staff').set({ totp_sealed: null, totp_key_id: null }).where('id', '=', staff.id).execute();
    expect(await checkStepUp(await visitOf(), form({ totp: '123456' }), BINDING)).toEqual({ kind: 'refused', reason: 'none' });
  });
});
