import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planWave } from '~/services/plan-wave';
import { insertPerson } from '../support/people';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';
import { PLAN } from '../support/waves';

let site: RecipientSite;
let number: number;

beforeAll(async () => {
  site = await startRecipientSite();
  await insertPerson(site.owner, site.campaignId, { number: 'W-1', mail: 'w@example.jp', yen: 1_357 });
});
beforeEach(async () => {
  const planned = await planWave(site.console, {
    campaignId: site.campaignId,
    plan: { ...PLAN, hours: { ...PLAN.hours, untilOn: '2023-05-31' } },
    actor: 'cli:test',
  });
  if (planned.kind !== 'planned') throw new Error(planned.reason);
  number = planned.number;
});
afterAll(async () => {
  await site.stop();
});

const path = () => `/admin/waves?campaign=${site.campaignId}`;
const stateOf = async () =>
  (
    await site.owner.db
      .selectFrom('waves')
      .select('state')
      .where('campaign_id', '=', site.campaignId)
      .where('number', '=', number)
      .executeTakeFirstOrThrow()
  ).state;

/** Presses a button of this wave, as a browser would. */
async function press(visitor: Visitor, act: string) {
  const html = (await visitor.get(path())).text;
  const own = html.slice(html.indexOf(`id="wave-${number}"`));
  const fields = [...own.matchAll(/<input type="hidden" name="(token|campaign|wave)" value="([^"]*)"/g)].slice(0, 3);
  expect(own.slice(0, own.indexOf('</section>'))).toContain(`value="${act}"`);
  return visitor.post('/admin/waves', [...fields.map((field): [string, string] => [field[1] ?? '', field[2] ?? '']), ['act', act]]);
}

describe('the page of waves', () => {
  it('starts, pauses, resumes and stops one, says so, and each stands on the record', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    for (const [act, state, words] of [
      ['start', 'running', '番を動かしました'],
      ['pause', 'paused', '番を一時停止しました'],
      ['resume', 'running', '番を動かしました'],
      ['stop', 'stopped', '番を中止しました'],
    ] as const) {
      const answer = await press(visitor, act);
      expect(answer.status, act).toBe(303);
      expect((await visitor.get(answer.location ?? '')).text).toContain(words);
      expect(await stateOf()).toBe(state);
    }
    const entries = await site.owner.db.selectFrom('audit_entries').select('act').where('actor', '=', `staff:${staff.id}`).execute();
    expect(
      entries
        .map(({ act }) => act)
        .filter((act) => act.startsWith('wave.'))
        .sort(),
    ).toEqual(['wave.paused', 'wave.resumed', 'wave.started', 'wave.stopped']);
    const page = (await visitor.get(path())).text;
    const own = page.slice(page.indexOf(`id="wave-${number}"`));
    expect(own.slice(0, own.indexOf('</section>'))).not.toContain('name="act"');
  });

  it('refuses what its state does not allow, with a sentence, and changes nothing', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const html = (await visitor.get(path())).text;
    const token = formOfAct(html, 'sign_out').find(([name]) => name === 'token')?.[1] ?? '';
    const post = (wave: string, act: string, campaign = site.campaignId) =>
      visitor.post('/admin/waves', [
        ['token', token],
        ['campaign', campaign],
        ['wave', wave],
        ['act', act],
      ]);
    const refused = await post(String(number), 'pause');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('いまの状態ではできません');
    for (const wave of ['0', '999999', '-1', '1e3', '', '٣']) expect((await post(wave, 'start')).status, wave).toBe(404);
    expect((await post(String(number), 'start', 'other')).status).toBe(404);
    expect(await stateOf()).toBe('planned');
    const bound = await signInAs(site, 'operator', { campaigns: [] });
    expect((await bound.visitor.get(path())).status).toBe(404);
  });

  it('says on which days reminders go out, in the form, the count and the wave, and what one round and all come to', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const days = '5月24日（水）、5月28日（日）、5月30日（火）、5月31日（水）';
    const form = await visitor.get(`/admin/waves/new?campaign=${site.campaignId}`);
    expect(form.text).toContain(days);
    const token = formOfAct(form.text, 'sign_out').find(([name]) => name === 'token')?.[1] ?? '';
    const typed = { group: 'app', purpose: 'reminder', from: '2023-05-20', until: '2023-05-31', first: '9', end: '20' };
    const post = (act: string) =>
      visitor.post(
        '/admin/waves/new',
        Object.entries({ token, campaign: site.campaignId, ...typed, perHour: '', domains: '', warmUp: '', act }),
      );
    const counted = await post('preview');
    expect(counted.text).toContain('あと4回ぜんぶで、多くても4通');
    expect(counted.text).toContain('2023年5月24日（水）09:00');
    expect((await post('plan')).status).toBe(303);
    number += 1;
    expect((await visitor.get(path())).text).toContain(`開始すると、${days}に1回ずつ催促を送ります（4回）`);
    await press(visitor, 'start');
    expect((await visitor.get(path())).text).toContain('次の催促は5月24日（水）に送ります。それまでは何も送りません。残りは4回です');
    await site.owner.db.updateTable('waves').set({ state: 'done' }).where('number', '=', number).execute();
    const done = (await visitor.get(path())).text;
    const own = done.slice(done.indexOf(`id="wave-${number}"`));
    expect(own.slice(0, own.indexOf('</section>'))).not.toContain('name="act"');
  });

  it('says here and on the home page who was never invited, where no wave is going to', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    const words = '案内をまだ送っていない人が1人います（アプリの利用者）';
    const home = async () => (await visitor.get('/admin')).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect((await visitor.get(path())).text).not.toContain(words);
    expect(await home()).toContain('案内をまだ送っていない人（送る予定なし） 0');
    await site.owner.db.updateTable('waves').set({ state: 'stopped' }).where('state', '!=', 'stopped').execute();
    expect((await visitor.get(path())).text).toContain(words);
    expect(await home()).toContain('案内をまだ送っていない人（送る予定なし） 1');
    expect((await visitor.get('/admin')).text).toContain(`href="/admin/waves?campaign=${site.campaignId}"`);
  });

  it('shows how far it has come without a button to who may only look', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    const page = (await visitor.get(path())).text;
    expect(page).toContain('開始前');
    expect(page).not.toContain('value="start"');
  });
});
