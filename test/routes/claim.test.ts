import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimNumber } from '~/domain/claim-number';
import { insertProgramme } from '../support/programme';
import { type Answer, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { until } from '../support/whole-portal';

const OPENS = new Date('2023-03-24T14:00:00+09:00');
const CLOSES = new Date('2023-05-01T00:00:00+09:00');
const APRIL_3 = new Date('2023-04-03T10:00:00+09:00');
const SECOND = 1_000;

let site: RecipientSite;
let visitor: Visitor;

beforeAll(async () => {
  site = await startRecipientSite();
  await takeClaims();
});
afterAll(() => site.stop());
beforeEach(() => {
  site.owner.clock.set(APRIL_3);
  visitor = site.visitor();
});
afterEach(() => {
  site.claimTries = 1_000;
});

async function takeClaims(): Promise<void> {
  const { settings } = await site.owner.db.selectFrom('campaigns').select('settings').executeTakeFirstOrThrow();
  const claims = { opensAt: '2023-03-24T14:00:00+09:00', closesAt: '2023-04-30T23:59:59+09:00' };
  const sending = { claim: { from: '2023-04-28', until: '2023-05-10' } };
  await site.owner.db
    .updateTable('campaigns')
    .set({ settings: JSON.stringify({ ...(settings as object), claims, sending }) })
    .execute();
}

const TYPED: readonly [string, string][] = [
  ['name', '髙橋　花子'],
  ['kana', 'たかはし はなこ'],
  ['postal', '８６０－０８０６'],
  ['address', '熊本県熊本市中央区花畑町1-2-3'],
  ['phone', '０９０－００００－００１２'],
  ['mail', 'hanako@example.jp'],
  ['numbers', '437000000074'],
  ['company', ''],
];

function later(ms: number): void {
  site.owner.clock.set(new Date(site.owner.clock.now().getTime() + ms));
}

/** Fills the form in as a person does, who takes some seconds. */
async function fill(typed: readonly [string, string][] = TYPED, act = 'check'): Promise<Answer> {
  const page = await visitor.get('/claim/form');
  later(30 * SECOND);
  return visitor.post('/claim/form', [...page.fields, ...typed, ['act', act]]);
}

/** Claims to the end. @returns the reference number */
async function claim(typed = TYPED): Promise<string> {
  expect((await fill(typed)).status).toBe(303);
  const confirm = await visitor.get('/claim/confirm');
  const sent = await visitor.post('/claim/confirm', confirm.fields);
  expect(sent.location).toContain(`/claim/done?programme=${site.campaignId}&`);
  return numberAt(sent);
}

async function numberAt({ location }: Answer): Promise<string> {
  const done = await visitor.get(location ?? '');
  return /class="number">([\d-]+)</.exec(done.text)?.[1]?.replaceAll('-', '') ?? '';
}

/** The names on all claims. */
async function names(): Promise<string[]> {
  const rows = await site.owner.db.selectFrom('claims').selectAll().execute();
  return rows.map((row) => JSON.parse(site.portal.crypto.open('claims.details', row.id, row.details_sealed, row.details_key_id)).name);
}
const of = (name: string) => TYPED.map(([field, value]) => [field, field === 'name' ? name : value] as [string, string]);

const countClaims = async () => (await site.owner.db.selectFrom('claims').select('id').execute()).length;

describe('the claim site by the clock', () => {
  it('says when it opens until one second before, and takes claims from then on', async () => {
    site.owner.clock.set(new Date(OPENS.getTime() - SECOND));
    expect((await visitor.get('/claim')).text).toContain('まだ始まっていません');
    expect((await visitor.get('/claim/form')).text).toContain('まだ始まっていません');
    site.owner.clock.set(OPENS);
    expect((await visitor.get('/claim')).text).toContain('申請が必要な方');
    expect((await visitor.get('/claim/form')).text).toContain('お名前');
  });

  it('takes a claim in the last second, and none after it, and says to who was filling it in what to do', async () => {
    site.owner.clock.set(new Date(CLOSES.getTime() - 40 * SECOND));
    expect((await fill()).status).toBe(303);
    const confirm = await visitor.get('/claim/confirm');
    const before = await countClaims();
    site.owner.clock.set(CLOSES);
    const late = await visitor.post('/claim/confirm', confirm.fields);
    expect(late.status).toBe(410);
    expect(late.text).toContain('入力の途中で受付が終了したため');
    expect(late.text).toContain('0120-479-249');
    expect(await countClaims()).toBe(before);
    site.owner.clock.set(new Date(CLOSES.getTime() - SECOND));
    expect((await visitor.post('/claim/confirm', confirm.fields)).location).toContain('/claim/done');
    expect(await countClaims()).toBe(before + 1);
    site.owner.clock.set(CLOSES);
    expect((await visitor.get('/claim')).text).toContain('受付は終了しました');
  });

  it('counts the instant at which a claim came in, however long it had to wait', async () => {
    site.owner.clock.set(new Date(CLOSES.getTime() - 40 * SECOND));
    await fill();
    const confirm = await visitor.get('/claim/confirm');
    site.owner.clock.set(new Date(CLOSES.getTime() - 500));
    const other = new pg.Client(site.ownerUrl);
    await other.connect();
    await other.query('begin; lock table claims in share mode');
    const sending = visitor.post('/claim/confirm', confirm.fields);
    await until(
      async () =>
        (await sql<{ waiting: number }>`select count(*)::int as waiting from pg_locks where not granted`.execute(site.owner.db)).rows[0]
          ?.waiting,
      (waiting) => waiting !== 0,
    );
    site.owner.clock.set(CLOSES);
    await other.query('rollback');
    await other.end();
    expect((await sending).location).toContain('/claim/done');
  });
});

describe('the form', () => {
  it('gives a number that checks itself, keeps what was said sealed, and says it in words', async () => {
    const number = await claim();
    expect(number).toMatch(/^[1-9]\d{9}$/);
    const row = await site.owner.db.selectFrom('claims').selectAll().where('number', '=', number).executeTakeFirstOrThrow();
    expect(row.state).toBe('received');
    expect(row.details_sealed.toString('utf8')).not.toContain('花子');
    expect(JSON.parse(site.portal.crypto.open('claims.details', row.id, row.details_sealed, row.details_key_id))).toEqual({
      name: '髙橋 花子',
      kana: 'タカハシ ハナコ',
      postal: '8600806',
      address: '熊本県熊本市中央区花畑町1-2-3',
      phone: '+819000000012',
      mail: 'hanako@example.jp',
      numbers: ['437000000074'],
    });
    const audits = await site.owner.db.selectFrom('audit_entries').selectAll().where('subject_id', '=', row.id).execute();
    expect(audits.map(({ act, detail }) => ({ act, detail }))).toEqual([{ act: 'claim.received', detail: { coupons: 1 } }]);
    expect(await site.owner.db.selectFrom('claim_drafts').select('id').where('id', '=', row.id).execute()).toEqual([]);
  });

  it('says all errors at the top and at the fields, and loses nothing', async () => {
    const wrong = await fill([
      ['name', '<b>花子</b>'],
      ['postal', '12'],
      ['phone', '12'],
      ['mail', 'nobody'],
      ['address', ''],
      ['numbers', '437'],
      ['numbers', '４３７'],
      ['company', ''],
    ]);
    expect(wrong.status).toBe(422);
    for (const field of ['postal', 'address', 'phone', 'mail', 'numbers-2']) {
      expect(wrong.text).toContain(`href="#${field}"`);
      expect(wrong.text).toContain(`id="${field}-error"`);
    }
    expect(wrong.text).toContain('value="&lt;b&gt;花子&lt;/b&gt;"');
    expect((await visitor.get('/claim/form')).text).toContain('value="&lt;b&gt;花子&lt;/b&gt;"');
    expect((await visitor.get('/claim/confirm')).location).toBe(`/claim/form?programme=${site.campaignId}`);
  });

  it('adds a row without scripts, keeps all rows when one goes back, and stops at twenty', async () => {
    const more = await fill(TYPED, 'add');
    expect(more.text).toContain('id="numbers-2"');
    const twenty: [string, string][] = Array.from({ length: 20 }, (_, i) => ['numbers', `4370000001${10 + i}`]);
    const full = await fill([...TYPED.filter(([name]) => name !== 'numbers'), ...twenty], 'add');
    expect(full.text).toContain('20枚まで');
    expect((await visitor.get('/claim/form')).text).toContain('value="437000000129"');
  });

  it('stops a form that came too quickly or filled the hidden field, and takes it at the next press', async () => {
    const page = await visitor.get('/claim/form');
    const quick = await visitor.post('/claim/form', [...page.fields, ...TYPED, ['act', 'check']]);
    expect(quick.status).toBe(422);
    expect(quick.text).toContain('送信が早すぎた');
    expect((await visitor.post('/claim/form', [...quick.fields, ...TYPED, ['act', 'check']])).status).toBe(303);
    // Another row begins nothing anew.
    const slow = await visitor.get('/claim/form');
    site.owner.clock.advance(3_000);
    const added = await visitor.post('/claim/form', [...slow.fields, ...TYPED, ['act', 'add']]);
    expect((await visitor.post('/claim/form', [...added.fields, ...TYPED, ['act', 'check']])).status).toBe(303);
    const trapped = await fill([...TYPED.filter(([name]) => name !== 'company'), ['company', 'x']]);
    expect(trapped.status).toBe(422);
    expect(trapped.text).toContain('見えない欄');
  });

  it('makes one claim however often it is sent, also at the same moment', async () => {
    await fill();
    const confirm = await visitor.get('/claim/confirm');
    const before = await countClaims();
    const answers = await Promise.all([1, 2, 3].map(() => visitor.post('/claim/confirm', confirm.fields)));
    expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
    expect(await numberAt(answers[0] as Answer)).toMatch(/^\d{10}$/);
    // Whoever goes back sees it again.
    expect((await visitor.get('/claim/confirm')).location).toBe(`/claim/done?programme=${site.campaignId}`);
    expect(await countClaims()).toBe(before + 1);
    // The next one from this browser begins with an empty form.
    expect((await visitor.get('/claim/form')).text).not.toContain('髙橋');
  });

  it('takes nothing from another site or another browser, and no more than the limit', async () => {
    await fill();
    const confirm = await visitor.get('/claim/confirm');
    expect((await visitor.post('/claim/confirm', confirm.fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await site.visitor().post('/claim/confirm', confirm.fields)).status).toBe(403);
    site.claimTries = 0;
    const many = await visitor.post('/claim/confirm', confirm.fields);
    expect(many.status).toBe(429);
    expect(many.headers.get('retry-after')).toBe('120');
  });

  it('writes nothing by reading', async () => {
    const before = await site.owner.db.selectFrom('claim_drafts').select('id').execute();
    for (const path of ['/claim', '/claim/form', '/claim/confirm', '/claim/done', '/claim/status']) await visitor.get(path);
    expect(await site.owner.db.selectFrom('claim_drafts').select('id').execute()).toEqual(before);
  });
});

describe('two tabs of one browser', () => {
  it('send what each of them showed, under numbers of their own, and what is typed in one never becomes the other', async () => {
    const [first, second] = [await visitor.get('/claim/form'), await visitor.get('/claim/form')];
    later(30 * SECOND);
    await visitor.post('/claim/form', [...first.fields, ...of('夫 太郎'), ['act', 'check']]);
    const husband = await visitor.get('/claim/confirm');
    await visitor.post('/claim/form', [...second.fields, ...of('妻 花子'), ['act', 'check']]);
    const wife = await visitor.get('/claim/confirm');
    const before = await countClaims();
    const sent = [await visitor.post('/claim/confirm', husband.fields), await visitor.post('/claim/confirm', wife.fields)];
    expect(await names()).toEqual(expect.arrayContaining(['夫 太郎', '妻 花子']));
    const numbers = await Promise.all(sent.map(numberAt));
    expect(new Set(numbers).size).toBe(2);
    // Once more is still one claim, and shows its own number.
    expect(await numberAt(await visitor.post('/claim/confirm', husband.fields))).toBe(numbers[0]);
    expect(await countClaims()).toBe(before + 2);
  });

  it('keep a form that was left open while the other was sent, and a finished one when an old tab adds a row', async () => {
    const [first, second, old] = [await visitor.get('/claim/form'), await visitor.get('/claim/form'), await visitor.get('/claim/form')];
    later(30 * SECOND);
    await visitor.post('/claim/form', [...first.fields, ...of('夫 次郎'), ['act', 'check']]);
    await visitor.post('/claim/confirm', (await visitor.get('/claim/confirm')).fields);
    const checked = await visitor.post('/claim/form', [...second.fields, ...of('妻 次子'), ['act', 'check']]);
    const confirm = await visitor.get(checked.location ?? '');
    expect(confirm.text).toContain('妻 次子');
    await visitor.post('/claim/form', [...old.fields, ['name', ''], ['numbers', ''], ['company', ''], ['act', 'add']]);
    expect((await visitor.get('/claim/form')).text).toContain('妻 次子');
    await visitor.post('/claim/confirm', confirm.fields);
    expect(await names()).toEqual(expect.arrayContaining(['夫 次郎', '妻 次子']));
  });

  it('take the same again after a no, as another claim', async () => {
    const number = await claim(of('再 申請子'));
    await site.owner.db.updateTable('claims').set({ state: 'refused', reason: 'withdrawn' }).where('number', '=', number).execute();
    expect(await claim(of('再 申請子'))).not.toBe(number);
  });
});

describe('the status of a claim', () => {
  async function ask(number: string, fact: string): Promise<Answer> {
    const page = await visitor.get('/claim/status');
    return visitor.post('/claim/status', [...page.fields, ['number', number], ['fact', fact]]);
  }

  it('is shown for the number and one more fact, in any width', async () => {
    const number = await claim();
    const full = [...number].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    for (const fact of ['090-0000-0012', '０９００００００012', 'HANAKO@example.jp']) {
      const answer = await ask(full, fact);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('申請を受け付けました');
      expect(answer.text).not.toContain('花子');
    }
  });

  it.each([
    ['', '', ['受付番号を入力してください', '申請のときに入力した電話番号またはメールアドレスを入力してください']],
    [claimNumber(777n), ' ', ['申請のときに入力した電話番号またはメールアドレスを入力してください']],
    ['', '090-0000-0012', ['受付番号を入力してください']],
    ['12', '090-0000-0012', ['受付番号の数字をご確認ください。10桁のうち、どこかが違っています']],
  ])('says for %j and %j what is missing, at the top and at the field', async (number, fact, errors) => {
    const answer = await ask(number, fact);
    expect(answer.status).toBe(422);
    expect([...answer.text.matchAll(/<li><a href="#(\w+)">([^<]*)</g)].map(([, , text]) => text)).toEqual(errors);
    expect([...answer.text.matchAll(/ id="\w+-error"><b>[^<]*<\/b>([^<]*)</g)].map(([, text]) => text)).toEqual(errors);
  });

  it('is the same no for a number nobody has and for a wrong fact, and a mistyped number says so', async () => {
    const number = await claim();
    const plain = (answer: Answer) => answer.text.replace(/nonce="[^"]*"|value="[^"]*"|src="[^"]*"/g, '');
    const wrong = await ask(number, '090-0000-0013');
    const unknown = await ask(claimNumber(777n), '090-0000-0013');
    expect(wrong.status).toBe(422);
    expect(plain(wrong)).toBe(plain(unknown));
    const last = (Number(number.at(-1)) + 1) % 10;
    expect((await ask(number.slice(0, 9) + String(last), '090-0000-0012')).text).toContain('どこかが違っています');
    site.claimTries = 0;
    expect((await ask(number, '090-0000-0012')).status).toBe(429);
  });
});

describe('the postal code', () => {
  const press = async (postal: string, address: string) => {
    const typed = TYPED.map(
      ([name, value]) => [name, name === 'postal' ? postal : name === 'address' ? address : value] as [string, string],
    );
    return fill(typed, 'fill');
  };
  const addressOf = (html: string) => / name="address"[^>]* value="([^"]*)"/.exec(html)?.[1];

  it.each([
    ['860-0806', '', '熊本県熊本市中央区花畑町'],
    ['〒８６０－０８０６', '1-2-3', '熊本県熊本市中央区花畑町1-2-3'],
    ['8600806', '熊本市中央区花畑町1-2-3', '熊本市中央区花畑町1-2-3'],
    ['498-0000', '', ''],
    ['100-0000', '', '東京都千代田区'],
  ])('%s before %j makes %j, by a plain button', async (postal, address, becomes) => {
    const page = await press(postal, address);
    expect(page.status).toBe(200);
    expect(addressOf(page.text)).toBe(becomes);
    expect(page.text).toContain('value="髙橋　花子"');
  });

  it.each(['000-0000', '12', 'あ'])('%s is known to nobody, which stops nothing that is typed', async (postal) => {
    const page = await press(postal, '熊本市中央区1-2-3');
    expect(page.status).toBe(422);
    expect(page.text).toContain('この郵便番号の住所が見つかりませんでした');
    expect(addressOf(page.text)).toBe('熊本市中央区1-2-3');
  });
});

describe('a browser that has lost its secret', () => {
  it('gets its form back with all that was typed, writes nothing, and goes on with one more press', async () => {
    const page = await visitor.get('/claim/form');
    later(30 * SECOND);
    const stranger = site.visitor();
    const before = await countClaims();
    const drafts = async () => (await site.owner.db.selectFrom('claim_drafts').select('id').execute()).length;
    const kept = await drafts();
    const answer = await stranger.post('/claim/form', [...page.fields, ...TYPED, ['act', 'check']]);
    expect(answer.status).toBe(422);
    for (const typed of ['髙橋　花子', '熊本県熊本市中央区花畑町1-2-3', '437000000074']) expect(answer.text).toContain(`value="${typed}"`);
    expect(answer.text).toContain('もう一度「入力内容を確認する」');
    expect(await drafts()).toBe(kept);
    visitor = stranger;
    const own = answer.fields.filter(([name]) => !['name', 'numbers', 'company'].includes(name));
    expect((await stranger.post('/claim/form', [...own, ...TYPED, ['act', 'check']])).location).toContain('/claim/confirm');
    expect(await countClaims()).toBe(before);
  });

  it('gets nothing back that comes from another site', async () => {
    const page = await visitor.get('/claim/form');
    const answer = await site.visitor().send('/claim/form', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams([...page.fields, ...TYPED, ['act', 'check']] as [string, string][]).toString(),
    });
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('髙橋');
  });
});

// The last: from here on there are two programmes.
describe('two programmes', () => {
  it('are typed and sent each by itself in one browser', async () => {
    const other = await insertProgramme(site.owner, [{ provider: 'paypay' }] as never, 'oita-2023');
    await takeClaims();
    const at = (programme: string, page: string) => `/claim/${page}?programme=${programme}`;
    const [here, there] = [await visitor.get(at(site.campaignId, 'form')), await visitor.get(at(other, 'form'))];
    later(30 * SECOND);
    await visitor.post('/claim/form', [...here.fields, ...of('熊本 花子'), ['act', 'check']]);
    const confirm = await visitor.get(at(site.campaignId, 'confirm'));
    await visitor.post('/claim/form', [...there.fields, ...of('大分 花子'), ['act', 'check']]);
    await visitor.post('/claim/confirm', confirm.fields);
    expect(await names()).toContain('熊本 花子');
    expect(await names()).not.toContain('大分 花子');
    expect((await visitor.get(at(other, 'form'))).text).toContain('大分 花子');
    expect((await visitor.get(at(site.campaignId, 'form'))).text).not.toContain('熊本 花子');
  });
});
