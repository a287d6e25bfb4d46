import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askAgain } from '~/services/ask-again';
import { changeStaff } from '~/services/change-staff';
import { decideApproval } from '~/services/decide-approval';
import { disableStaff } from '~/services/disable-staff';
import { enableStaff } from '~/services/enable-staff';
import { endOwnSession } from '~/services/end-own-session';
import { endStaffSessions } from '~/services/end-staff-sessions';
import { freezeGrant } from '~/services/freeze-grant';
import { inviteStaff } from '~/services/invite-staff';
import { makeExport } from '~/services/make-export';
import { pauseBulk } from '~/services/pause-bulk';
import { pauseOffer } from '~/services/pause-offer';
import { proposeAct } from '~/services/propose-act';
import { proposeBulk } from '~/services/propose-bulk';
import { releaseGrant } from '~/services/release-grant';
import { replaceRedemption } from '~/services/replace-redemption';
import { requestExport } from '~/services/request-export';
import { resendLink } from '~/services/resend-link';
import { setLowWater } from '~/services/set-low-water';
import { setOwnPassword } from '~/services/set-own-password';
import { settleFinding } from '~/services/settle-finding';
import { stopBulk } from '~/services/stop-bulk';
import { takeExport } from '~/services/take-export';
import { withdrawProposal } from '~/services/withdraw-proposal';
import { type ActingPlace, type Redeemed, startActingPlace } from '../../support/acting';
import { changeContact } from '../../support/people';
import { MAY_20 } from '../../support/portal';
import { insertSession, insertStaff } from '../../support/staff';

/**
 * Whatever staff do leaves its entry in the audit log, or does not happen. Each act is tried twice: once the log
 * refuses every entry, and nothing of the act may stay; once it is taken, and one entry says so.
 */
let place: ActingPlace;
beforeAll(async () => {
  place = await startActingPlace();
  await sql`
    create table refusing_entries (yes boolean not null);
    insert into refusing_entries values (false);
    grant select on refusing_entries to public;
    create function refuse_entry() returns trigger language plpgsql as $$
    begin
      if (select yes from refusing_entries) then raise exception 'the log takes no entry'; end if;
      return new;
    end $$;
    create trigger a_refuse_entry before insert on audit_entries for each row execute function refuse_entry();
    grant execute on function refuse_entry to public;
  `.execute(place.owner.db);
});
beforeEach(() => {
  place.owner.clock.set(MAY_20);
  place.mishaps.length = 0;
});
afterAll(() => place.stop());

const by = () => ({ staff: place.operator, note: '' });
const administrator = () => ({ staffId: null, actor: 'cli:test', scope: 'all' as const });
const now = () => place.owner.clock.now();

/** What an act changes and how it is called once everything is prepared. */
type Prepared = () => Promise<unknown>;
const ACTS: readonly (readonly [entry: string, prepare: () => Promise<Prepared>])[] = [
  [
    'redemption.replace',
    async () => {
      const { grantId, redemptionId } = await place.redeemed({ fails: true });
      const choices = [{ provider: 'fixed', yen: 1_357n }];
      return () => replaceRedemption(place.web, { grantId, redemptionId, requestKey: place.web.crypto.newKey(), choices });
    },
  ],
  [
    'freeze.done',
    async () => {
      const { grantId } = await place.redeemed();
      return () => freezeGrant(place.console, { ...by(), grantId, reason: 'lost_phone', hours: '24' });
    },
  ],
  [
    'release.done',
    async () => {
      const { grantId } = await place.redeemed();
      await freezeGrant(place.console, { ...by(), grantId, reason: 'lost_phone', hours: '24' });
      return () => releaseGrant(place.console, { ...by(), grantId, reason: 'cleared' });
    },
  ],
  [
    'resend.done',
    async () => {
      const { grantId } = await place.redeemed();
      await changeContact(place.owner, grantId, { name: '山田 花', kana: null, phone: null, mail: 'hana@example.jp' });
      return () => resendLink(place.console, { ...by(), grantId, reason: 'not_arrived' });
    },
  ],
  [
    'ask_again.done',
    async () => {
      const { grantId, redemptionId } = await place.redeemed({ doubt: true });
      return () => askAgain(place.console, { ...by(), grantId, redemptionId, reason: 'routine' });
    },
  ],
  [
    'reissue.proposed',
    async () => {
      const failed = await place.redeemed({ fails: true });
      return () => proposed(failed);
    },
  ],
  [
    'reissue.refused',
    async () => {
      const approvalId = await proposed(await place.redeemed({ fails: true }));
      return () => decideApproval(place.console, { staff: place.approver, approvalId, decision: 'refuse', note: 'not now' });
    },
  ],
  [
    'reissue.done',
    async () => {
      const approvalId = await proposed(await place.redeemed({ fails: true }));
      return () => decideApproval(place.console, { staff: place.approver, approvalId, decision: 'approve', note: '' });
    },
  ],
  [
    'reissue.withdrawn',
    async () => {
      const approvalId = await proposed(await place.redeemed({ fails: true }));
      return () => withdrawProposal(place.console, { staffId: place.operator.id, approvalId });
    },
  ],
  [
    'offer.pause',
    async () => {
      const what = { staffId: place.operator.id, campaignId: place.campaignId, provider: 'spare' };
      return () => pauseOffer(place.console, { ...what, pause: { reason: 'trouble', ja: '停止', en: 'paused' } });
    },
  ],
  [
    'offer.resume',
    async () => {
      const what = { staffId: place.operator.id, campaignId: place.campaignId, provider: 'spare' };
      return () => pauseOffer(place.console, { ...what, pause: null });
    },
  ],
  [
    'offer.low_water',
    async () => {
      const what = { staffId: place.operator.id, campaignId: place.campaignId, provider: 'spare', face: '' };
      return () => setLowWater(place.console, { ...what, low: '50000' });
    },
  ],
  ['export.requested', async () => () => requestExport(place.console, { ...by(), campaignId: place.campaignId, exported: 'redemptions' })],
  [
    'export.taken',
    async () => {
      const exportId = await madeExport();
      return () => takeExport(place.console, { staff: place.operator, exportId });
    },
  ],
  ['invite_staff', async () => () => invited('one.invited')],
  [
    'change_staff',
    async () => {
      const { id } = await insertStaff(place.owner, 'viewer');
      return () => changeStaff(place.console, { staffId: id, role: 'auditor', scope: 'all', by: administrator(), now: now() });
    },
  ],
  [
    'disable_staff',
    async () => {
      const { id } = await insertStaff(place.owner, 'viewer');
      return () => disableStaff(place.console, { staffId: id, by: administrator(), now: now() });
    },
  ],
  [
    'enable_staff',
    async () => {
      const { id } = await insertStaff(place.owner, 'viewer');
      await disableStaff(place.console, { staffId: id, by: administrator(), now: now() });
      return () => enableStaff(place.console, { staffId: id, by: administrator(), now: now() });
    },
  ],
  [
    'end_sessions',
    async () => {
      const staff = await insertStaff(place.owner, 'viewer');
      await insertSession(place.owner, staff);
      return () => endStaffSessions(place.console, { staffId: staff.id, by: administrator(), now: now() });
    },
  ],
  [
    'end_own_session',
    async () => {
      const staff = await insertStaff(place.owner, 'viewer');
      await insertSession(place.owner, staff);
      const { id } = await place.owner.db
        .selectFrom('staff_sessions')
        .select('id')
        .where('staff_id', '=', staff.id)
        .executeTakeFirstOrThrow();
      return () => endOwnSession(place.console, { staffId: staff.id, sessionId: id, now: now() });
    },
  ],
  [
    'set_password',
    async () => {
      const staff = await insertStaff(place.owner, 'viewer');
      const password = 'seven quiet herons by the river';
      return () => setOwnPassword(place.console, { staffId: staff.id, sessionId: staff.id, password, now: now() });
    },
  ],
  [
    'finding.take',
    async () => {
      const findingId = await finding();
      return () => settleFinding(place.console, { ...by(), findingId, act: 'take' });
    },
  ],
  [
    'finding.close',
    async () => {
      const findingId = await finding();
      return () =>
        settleFinding(place.console, { staff: place.operator, findingId, act: 'close', reason: 'explained', note: 'asked them' });
    },
  ],
  [
    'bulk_reissue.proposed',
    async () => {
      const failed = await place.redeemed({ fails: true });
      return () => bulkProposed(failed, 'model');
    },
  ],
  [
    'bulk_reissue.paused',
    async () => {
      const approvalId = await bulkApproved('fixed');
      return () => pauseBulk(place.console, { staff: place.operator, approvalId, pause: true });
    },
  ],
  [
    'bulk_reissue.resumed',
    async () => {
      const approvalId = await bulkApproved('spare');
      await pauseBulk(place.console, { staff: place.operator, approvalId, pause: true });
      return () => pauseBulk(place.console, { staff: place.operator, approvalId, pause: false });
    },
  ],
  [
    'bulk_reissue.stopped',
    async () => {
      const approvalId = await bulkApproved('blind');
      return () => stopBulk(place.console, { staff: place.operator, approvalId });
    },
  ],
];

describe('an act leaves one entry, or nothing at all:', () => {
  it.each(ACTS)('%s', async (entry, prepare) => {
    const act = await prepare();
    const before = await everything();
    await sql`update refusing_entries set yes = true`.execute(place.owner.db);
    const refused = await act().then(
      (answer) => ({ answer }),
      (error: Error) => ({ error: error.message }),
    );
    await sql`update refusing_entries set yes = false`.execute(place.owner.db);
    expect(refused).toMatchObject({ error: expect.stringContaining('the log takes no entry') });
    expect(await everything()).toEqual(before);

    const count = await entries(entry);
    await act();
    expect(await everything()).not.toEqual(before);
    expect(await entries(entry)).toBe(count + 1);
  });
});

async function entries(act: string): Promise<number> {
  const rows = await place.owner.db.selectFrom('audit_entries').select('id').where('act', '=', act).execute();
  return rows.length;
}

/** How many rows every table has, and which transaction wrote last in it: the same twice means that nothing stayed. */
async function everything(): Promise<Record<string, string>> {
  const { rows } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables
      where schemaname in ('public', 'graphile_worker') and tablename <> 'refusing_entries' order by 1, 2`.execute(place.owner.db);
  const all: Record<string, string> = {};
  for (const { schema, name } of rows) {
    const { rows: found } = await sql<{ mark: string }>`
      select count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) as mark from ${sql.table(`${schema}.${name}`)}`.execute(
      place.owner.db,
    );
    all[name] = found[0]?.mark ?? '';
  }
  return all;
}

async function proposed({ grantId, redemptionId }: Redeemed): Promise<string> {
  const fields = { redemption: redemptionId };
  const answer = await proposeAct(place.console, { ...by(), act: 'reissue', grantId, fields, reason: 'not_issued' });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  return answer.approvalId;
}

/** One provider has one act on many at a time. */
async function bulkProposed({ redemptionId }: Redeemed, provider: string): Promise<string> {
  const redemptionIds = [redemptionId];
  const what = { act: 'reissue' as const, campaignId: place.campaignId, provider, declined: null, redemptionIds };
  const answer = await proposeBulk(place.console, { ...by(), ...what, reason: 'not_issued' });
  if (answer.kind !== 'proposed') throw new Error(JSON.stringify(answer));
  return answer.approvalId;
}

async function bulkApproved(provider: string): Promise<string> {
  const approvalId = await bulkProposed(await place.redeemed({ fails: true, provider }), provider);
  await decideApproval(place.console, { staff: place.approver, approvalId, decision: 'approve', note: '' });
  return approvalId;
}

async function invited(login: string): Promise<unknown> {
  return inviteStaff(place.console, { login, name: '招待 花子', role: 'viewer', scope: 'all', by: administrator(), now: now() });
}

async function madeExport(): Promise<string> {
  const asked = await requestExport(place.console, { ...by(), campaignId: place.campaignId, exported: 'redemptions' });
  if (asked.kind === 'refused') throw new Error(asked.reason);
  await makeExport(place.console, { exportId: asked.exportId }, { heading: (column) => column });
  return asked.exportId;
}

async function finding(): Promise<string> {
  const id = place.owner.crypto.newId(now());
  const statementId = place.owner.crypto.newId(now());
  const about = { campaign_id: place.campaignId, provider: 'model' };
  const day = { from_at: MAY_20, until_at: new Date(MAY_20.getTime() + 86_400_000), at: MAY_20 };
  const file = {
    file_name: 'statement.csv',
    file_digest: randomBytes(32),
    row_count: 1,
    total_yen: 1_000n,
    uploaded_by: place.operator.id,
  };
  await place.owner.db
    .insertInto('statements')
    .values({ id: statementId, ...about, ...day, ...file })
    .execute();
  await place.owner.db
    .insertInto('findings')
    .values({
      id,
      statement_id: statementId,
      campaign_id: place.campaignId,
      kind: 'missing_here',
      reference: 'R-1',
      theirs_yen: 1_000n,
      at: MAY_20,
    })
    .execute();
  return id;
}
