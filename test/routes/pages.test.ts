import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, MAY_20, type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';

let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
}, 180_000);
afterEach(async () => {
  site.portal.clock.set(MAY_20);
  Object.assign(site, { fate: 'well', rehearsal: null, guesses: 1_000 });
  await site.owner.db.updateTable('offers').set({ paused_at: null, pause_note: null }).execute();
});
afterAll(() => site?.stop());

const TABLES = ['redemptions', 'postings', 'codes', 'issuances', 'reveals', 'audit_entries', 'journal_entries'] as const;

/** How much stands in the tables that a recipient's act could write to. */
async function written(): Promise<string> {
  const counts = await Promise.all(
    TABLES.map((table) => sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(site.owner.db)),
  );
  return counts.map(({ rows }) => rows[0]?.n).join(' ');
}

async function arrive(yen = 1357): Promise<{ visitor: Visitor; grantId: string; page: Answer }> {
  const visitor = site.visitor();
  const grantId = await site.grant(yen);
  return { visitor, grantId, page: await visitor.open(site.linkOf(grantId)) };
}

const tokenOf = (page: Answer) => page.fields.find(([name]) => name === 'token') ?? ['token', ''];

async function confirmationOf(visitor: Visitor, choice: string): Promise<Answer> {
  const page = await visitor.get(`/receive/confirm?${choice}`);
  expect(page.status).toBe(200);
  return page;
}

async function redeemed(choice = 'c=amazon.1357', yen = 1357) {
  const arrived = await arrive(yen);
  const confirmation = await confirmationOf(arrived.visitor, choice);
  expect((await arrived.visitor.post('/receive/confirm', confirmation.fields)).location).toBe('/receive/progress');
  return { ...arrived, confirmation };
}

async function firstCode(grantId: string): Promise<string> {
  const code = (await site.pageOf(grantId)).redemptions[0]?.codes[0];
  if (!code) throw new Error('no code');
  return code.id;
}

describe('opening a link', () => {
  it('leads to the residual page with a sealed cookie, and writes nothing however often', async () => {
    const grantId = await site.grant(1357);
    const before = await written();
    for (let i = 0; i < 3; i += 1) {
      const answer = await site.visitor().get(site.linkOf(grantId));
      expect(answer).toMatchObject({ status: 303, location: '/receive' });
      expect(answer.headers.getSetCookie().join()).toMatch(/^__Host-receive=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    }
    const head = await site.visitor().send(site.linkOf(grantId), { method: 'HEAD' });
    expect(head).toMatchObject({ status: 303, text: '' });
    expect(await written()).toBe(before);
  });

  it('shows unknown, malformed and revoked links exactly alike', async () => {
    const grantId = await site.grant(1357);
    await site.owner.db
      .updateTable('grants')
      .set({ link_generation: 2, link_digest: site.portal.crypto.linkDigest('new') })
      .where('id', '=', grantId)
      .execute();
    const links = [
      '/r/AAAAAAAAAAAAAAAAAAAAAA',
      '/r/x',
      '/r/%E3%81%82',
      `/r/${'a'.repeat(500)}`,
      site.linkOf(grantId, 1),
      `${site.linkOf(grantId)}です`,
      `${site.linkOf(grantId).slice(0, -1)}。A`,
    ];
    const answers = await Promise.all(links.map((link) => site.visitor().get(link)));
    const plain = answers.map(({ text }) => text.replaceAll(/nonce="[^"]*"/g, ''));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(plain).size).toBe(1);
    expect(plain[0]).toContain('0120-479-249');
  });

  it.each(['です', encodeURIComponent('です。'), 'abc', '.', ')', '。', '」', '/', '%2F..', '?x'])(
    'opens a link with %s after it as it opens the link, and writes nothing',
    async (tail) => {
      const link = site.linkOf(await site.grant(1357));
      const before = await written();
      const answer = await site.visitor().get(`${link}${tail}`);
      expect(answer).toMatchObject({ status: 303, location: '/receive' });
      expect(await written()).toBe(before);
    },
  );

  it('limits unknown links, never known ones', async () => {
    site.guesses = 1;
    const visitor = site.visitor();
    expect((await visitor.get('/r/AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
    const refused = await visitor.get('/r/AAAAAAAAAAAAAAAAAAAAAA');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('120');
    expect((await visitor.get(site.linkOf(await site.grant(7)))).status).toBe(303);
  });

  it('ends the session of the old link when the address was changed, and after half an hour', async () => {
    const { visitor, grantId } = await arrive();
    site.portal.clock.advance(29 * 60_000);
    expect((await visitor.get('/receive')).status).toBe(200);
    site.portal.clock.advance(29 * 60_000);
    expect((await visitor.get('/receive')).status).toBe(200);
    site.portal.clock.advance(31 * 60_000);
    expect(await visitor.get('/receive')).toMatchObject({ status: 401 });
    await visitor.open(site.linkOf(grantId));
    await site.owner.db.updateTable('grants').set({ link_generation: 2 }).where('id', '=', grantId).execute();
    expect(await visitor.get('/receive')).toMatchObject({ status: 401 });
  });

  it('believes no cookie that it did not seal', async () => {
    const { visitor } = await arrive();
    const sealed = visitor.cookies.get('__Host-receive') ?? '';
    for (const forged of ['x', 'k1.', `${sealed.slice(0, -4)}AAAA`, sealed.slice(0, 30), 'k1.e30', `k2${sealed.slice(2)}`]) {
      visitor.cookies.set('__Host-receive', forged);
      expect((await visitor.get('/receive')).status).toBe(401);
    }
  });
});

describe('without scripts', () => {
  it('goes from the choice to the code in the short way', async () => {
    const { visitor, grantId, page } = await arrive();
    const chosen = await visitor.post('/receive', [...page.fields, ['provider', 'amazon']]);
    expect(chosen).toMatchObject({ status: 303, location: '/receive/confirm?c=amazon.1357' });
    const confirmation = await confirmationOf(visitor, 'c=amazon.1357');
    expect(confirmation.text).toContain('変更や取り消しはできません');
    expect(await visitor.post('/receive/confirm', confirmation.fields)).toMatchObject({ status: 303, location: '/receive/progress' });
    const waiting = await visitor.get('/receive/progress');
    expect(waiting.text).toContain('残額は守られています');
    expect(waiting.text).toContain('<noscript><meta http-equiv="refresh" content="5"/></noscript>');
    await site.issue(grantId);
    const codeId = await firstCode(grantId);
    expect(await visitor.get('/receive/progress')).toMatchObject({ status: 303, location: `/receive/codes/${codeId}` });
    const covered = await visitor.get(`/receive/codes/${codeId}`);
    expect(covered.text).not.toContain('TEST-');
    const before = await written();
    const shown = await visitor.post(`/receive/codes/${codeId}`, covered.fields);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('TEST-');
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(await written()).not.toBe(before);
    expect((await visitor.get('/receive')).location).toBe('/receive/codes');
  });

  it('splits over several ways, as people type', async () => {
    const { visitor } = await arrive();
    const page = await visitor.get('/receive/split');
    const typed = (act: string, ...rows: [string, string][]) => visitor.post('/receive/split', [tokenOf(page), ...rows, ['act', act]]);
    expect((await typed('recalculate', ['ponta', '１，３００円'])).text).toMatch(/残り<\/span> <b>57円/);
    const filled = await visitor.post('/receive/split', [tokenOf(page), ['ponta', '1300'], ['paypay', ''], ['fill', 'paypay']]);
    expect(filled.text).toMatch(/id="y-paypay"[^>]*value="57"/);
    expect(await typed('confirm', ['ponta', '1,300'], ['paypay', '５７'])).toMatchObject({
      status: 303,
      location: '/receive/confirm?c=ponta.1300&c=paypay.57',
    });
    for (const wrong of ['0', '-1', '1.5', '1e3', '99999999999999999999', 'abc', '1\u0000', '2000']) {
      const answer = await typed('confirm', ['amazon', wrong]);
      expect(answer.status, wrong).toBe(422);
      expect(answer.text).toContain('aria-invalid="true"');
      expect(answer.text).toContain('href="#y-amazon"');
    }
    expect((await typed('confirm')).status).toBe(422);
    expect((await typed('confirm', ['amazon', '1000'], ['paypay', '1000'])).text).toContain('残額1,357円を超えています');
    expect((await typed('confirm', ['amazon', '1'], ['amazon', '1'])).status).toBe(422);
  });

  it('refuses a split whose rest nobody could pay out', async () => {
    await site.owner.db.updateTable('offers').set({ paused_at: MAY_20 }).where('provider', 'not in', ['ponta', 'edy', 'paypay']).execute();
    await site.owner.db
      .updateTable('offers')
      .set({ amount: JSON.stringify({ kind: 'range', minYen: 100, maxYen: 100_000, stepYen: 1 }) })
      .where('provider', '=', 'paypay')
      .execute();
    try {
      const { visitor } = await arrive(1357);
      const page = await visitor.get('/receive/split');
      const answer = await visitor.post('/receive/split', [tokenOf(page), ['ponta', '1300'], ['act', 'confirm']]);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('残り57円が受け取れなくなります');
      expect((await visitor.get('/receive/confirm?c=ponta.1300')).status).toBe(422);
    } finally {
      await site.owner.db
        .updateTable('offers')
        .set({ amount: JSON.stringify({ kind: 'range', minYen: 1, maxYen: 100_000, stepYen: 1 }) })
        .where('provider', '=', 'paypay')
        .execute();
    }
  });

  it('lets another way be chosen for what failed, also after the deadline', async () => {
    site.fate = 'refused';
    const { visitor, grantId } = await redeemed();
    await site.issue(grantId);
    site.fate = 'well';
    site.portal.clock.set(new Date('2023-06-02T10:00:00+09:00'));
    await visitor.get(site.linkOf(grantId));
    const again = /href="(\/receive\/redemptions\/[^"]+)"/.exec((await visitor.get('/receive/progress')).text)?.[1] ?? '';
    const page = await visitor.get(again);
    expect((await visitor.post(again, [...page.fields, ['provider', 'ponta']])).status).toBe(422);
    expect((await visitor.post(again, page.fields)).status).toBe(422);
    const chosen = await visitor.post(again, [...page.fields, ['provider', 'nanaco']]);
    expect(chosen.location).toBe(`${again}?c=nanaco.1357`);
    const confirmation = await visitor.get(chosen.location ?? '');
    for (let i = 0; i < 2; i += 1) {
      expect(await visitor.post(again, confirmation.fields)).toMatchObject({ status: 303, location: '/receive/progress' });
    }
    await site.issue(grantId);
    const { grant } = await site.pageOf(grantId);
    expect(grant).toMatchObject({ issuedYen: 1357n, residualYen: 0n, pendingYen: 0n });
    // Opened once more it says that this was done; to others it does not exist.
    const reopened = await visitor.get(again);
    expect(reopened.status).toBe(409);
    expect(reopened.text).toContain('すでにえらび直されています');
    expect((await (await arrive()).visitor.get(again)).status).toBe(404);
  });

  it('leads to the progress while nothing is left and nothing issued, and lets its promise age', async () => {
    const { visitor, grantId } = await redeemed();
    expect(await visitor.get('/receive')).toMatchObject({ status: 303, location: '/receive/progress' });
    const mark = async () => (JSON.parse((await visitor.get('/api/progress')).text) as { mark: string }).mark;
    const before = await mark();
    expect((await visitor.get('/receive/progress')).text).toContain('ふつうは数秒で終わります');
    site.portal.clock.advance(60 * 60_000 + 1);
    await visitor.open(site.linkOf(grantId));
    const late = await visitor.get('/receive/progress');
    expect(late.text).toContain('通常より時間がかかっています。残額は守られています。');
    expect(late.text).not.toContain('数秒');
    expect(await mark()).not.toBe(before);
    expect(late.text).toContain(`data-progress="${await mark()}"`);
    await site.issue(grantId);
    expect(await visitor.get('/receive')).toMatchObject({ status: 303, location: '/receive/codes' });
  });

  it('says on the overview without codes how things stand', async () => {
    const { visitor, grantId } = await arrive();
    expect((await visitor.get('/receive/codes')).text).toContain('受け取った番号は、まだありません。');
    const until = new Date('2023-05-22T10:00:00+09:00');
    await site.owner.db.updateTable('grants').set({ frozen_at: MAY_20, frozen_until: until }).where('id', '=', grantId).execute();
    expect((await visitor.get('/receive/codes')).text).toContain('確認のため、受け取りを一時的に止めています <a href="/receive">');
    const frozen = (await visitor.get('/receive')).text;
    expect(frozen).toContain('2023年5月22日（月）10:00に自動で再開します。');
    expect(frozen).toContain('受取期限は2023年5月31日（水）23:59です。');
    expect(frozen).not.toContain('すでに受け取った番号');
    site.portal.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    await visitor.open(site.linkOf(grantId));
    const closed = (await visitor.get('/receive/codes')).text;
    expect(closed).toContain('受け取った番号はありません。');
    expect(closed).toContain('受取期限が過ぎました <a href="/receive">');
  });

  it('says in the title and beside the choices that nothing was chosen', async () => {
    const { visitor, page } = await arrive();
    const missing = await visitor.post('/receive', page.fields);
    expect(missing.status).toBe(422);
    expect(missing.text).toContain('<title>エラー：');
    expect(missing.text).toContain('id="choice-error"');
    const split = await visitor.get('/receive/split');
    const wrong = await visitor.post('/receive/split', [tokenOf(split), ['ponta', '57'], ['act', 'confirm']]);
    expect(wrong.text).toContain('Pontaポイント コードは、100円単位で、1,300円までの金額を入力してください');
    expect(wrong.text).toMatch(/残り<\/span> <b>1,357円<\/b> <small>残りは2023年5月31日（水）まで受け取れます/);
  });

  it('reads codes after the deadline with the same link', async () => {
    const { visitor, grantId } = await redeemed();
    await site.issue(grantId);
    site.portal.clock.set(new Date('2023-07-02T10:00:00+09:00'));
    const overview = await visitor.open(site.linkOf(grantId));
    expect(overview.location).toBe('/receive/codes');
    const codeId = await firstCode(grantId);
    const covered = await visitor.get(`/receive/codes/${codeId}`);
    expect((await visitor.post(`/receive/codes/${codeId}`, covered.fields)).text).toContain('TEST-');
  });
});

describe('what must change nothing', () => {
  const BAD_AMOUNTS = ['0', '-1', '1.5', '1e3', '１０００', '99999999999999999999', '01', '', ' 1', '1\u0000', '2000', '0x10', '1357\n'];

  it.each(BAD_AMOUNTS)('the amount %j', async (amount) => {
    const { visitor } = await arrive();
    const confirmation = await confirmationOf(visitor, 'c=amazon.1357');
    const before = await written();
    const fields = confirmation.fields.map(([name, value]): [string, string] => [name, name === 'c' ? `amazon.${amount}` : value]);
    const answer = await visitor.post('/receive/confirm', fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('守られています');
    expect((await visitor.get(`/receive/confirm?c=amazon.${encodeURIComponent(amount)}`)).status).toBe(422);
    expect(await written()).toBe(before);
  });

  it.each([
    ['a provider that does not exist', [['c', 'nobody.1357']], 422],
    ['a provider with a strange name', [['c', '__proto__.1357']], 422],
    ['a paused provider', [['c', 'nanaco.1357']], 409],
    ['an amount that cannot be made', [['c', 'ponta.1357']], 422],
    [
      'the same provider twice',
      [
        ['c', 'amazon.100'],
        ['c', 'amazon.200'],
      ],
      422,
    ],
    [
      'more than there is',
      [
        ['c', 'amazon.1000'],
        ['c', 'paypay.1000'],
      ],
      422,
    ],
    ['eleven choices', Array.from({ length: 11 }, () => ['c', 'amazon.1']), 422],
    ['no choice', [], 422],
    ['an array in the name', [['c[]', 'amazon.1357']], 422],
  ] as [string, [string, string][], number][])('%s', async (_what, choices, status) => {
    await site.owner.db.updateTable('offers').set({ paused_at: MAY_20 }).where('provider', '=', 'nanaco').execute();
    const { visitor } = await arrive();
    const confirmation = await confirmationOf(visitor, 'c=amazon.1357');
    const before = await written();
    const kept = confirmation.fields.filter(([name]) => name !== 'c');
    expect((await visitor.post('/receive/confirm', [...kept, ...choices])).status).toBe(status);
    expect(await written()).toBe(before);
  });

  it('a request key that is missing, doubled, malformed or used for something else', async () => {
    const { visitor, confirmation } = await redeemed('c=amazon.357');
    const kept = confirmation.fields.filter(([name]) => name !== 'key');
    const before = await written();
    for (const keys of [[], ['x'], ['a'.repeat(22), 'b'.repeat(22)], [`${'a'.repeat(22)}\u0000`]]) {
      const answer = await visitor.post('/receive/confirm', [...kept, ...keys.map((key): [string, string] => ['key', key])]);
      expect(answer.status).toBe(422);
    }
    const other = confirmation.fields.map(([name, value]): [string, string] => [name, name === 'c' ? 'amazon.100' : value]);
    expect((await visitor.post('/receive/confirm', other)).status).toBe(409);
    expect(await written()).toBe(before);
  });

  it('the same confirmation again, however late: it leads to the same place', async () => {
    const { visitor, grantId, confirmation } = await redeemed();
    const before = await written();
    expect(await visitor.post('/receive/confirm', confirmation.fields)).toMatchObject({ status: 303, location: '/receive/progress' });
    site.portal.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    await visitor.get(site.linkOf(grantId));
    const token = tokenOf(await visitor.get('/receive/codes'));
    // The new session has a token of its own; a page without forms shows none.
    expect(token[1]).toBe('');
    expect(await written()).toBe(before);
  });

  it('a choice at or after the deadline, a frozen grant, an empty one', async () => {
    const { visitor, grantId, page } = await arrive();
    const confirmation = await confirmationOf(visitor, 'c=amazon.1357');
    const before = await written();
    site.portal.clock.set(new Date('2023-05-31T23:59:59.999+09:00'));
    await visitor.get(site.linkOf(grantId));
    const fresh = await confirmationOf(visitor, 'c=amazon.1357');
    site.portal.clock.set(new Date('2023-06-01T00:00:00+09:00'));
    expect((await visitor.post('/receive/confirm', fresh.fields)).status).toBe(410);
    expect((await visitor.post('/receive', [tokenOf(fresh), ['provider', 'amazon']])).status).toBe(410);
    expect((await visitor.get('/receive')).status).toBe(410);
    expect((await visitor.get('/receive/split')).status).toBe(410);
    expect((await visitor.get('/receive/confirm?c=amazon.1')).status).toBe(410);
    site.portal.clock.set(MAY_20);
    await site.owner.db.updateTable('grants').set({ frozen_at: MAY_20 }).where('id', '=', grantId).execute();
    const own = await visitor.get('/receive');
    expect(own.status).toBe(409);
    expect((await visitor.post('/receive/confirm', fresh.fields)).status).toBe(409);
    expect(await written()).toBe(before);
    expect([page.status, confirmation.status]).toEqual([200, 200]);
    const empty = await redeemed();
    const after = await written();
    expect((await empty.visitor.post('/receive', [...empty.page.fields, ['provider', 'amazon']])).status).toBe(409);
    expect((await empty.visitor.get('/receive/confirm?c=amazon.1')).status).toBe(409);
    expect(await written()).toBe(after);
  });

  it("other people's codes and redemptions, and ids that are none", async () => {
    site.fate = 'refused';
    const other = await redeemed();
    await site.issue(other.grantId);
    site.fate = 'well';
    const issued = await redeemed();
    await site.issue(issued.grantId);
    const theirs = (await site.pageOf(other.grantId)).redemptions[0]?.id;
    const codeId = await firstCode(issued.grantId);
    const { visitor, page } = await arrive();
    const before = await written();
    for (const id of [codeId, 'x', '%00', '00000000-0000-0000-0000-000000000000', "'"]) {
      const status = id === '%00' ? 400 : 404;
      expect((await visitor.get(`/receive/codes/${id}`)).status).toBe(status);
      expect((await visitor.post(`/receive/codes/${id}`, [tokenOf(page)])).status).toBe(status);
    }
    for (const id of [theirs, 'x']) {
      expect((await visitor.get(`/receive/redemptions/${id}/again`)).status).toBe(404);
      expect(
        (await visitor.post(`/receive/redemptions/${id}/again`, [tokenOf(page), ['c', 'amazon.1'], ['key', 'a'.repeat(22)]])).status,
      ).toBe(404);
    }
    expect(await written()).toBe(before);
  });

  it('a forged form, in every way in which it can be forged', async () => {
    const { visitor } = await arrive();
    const stranger = await arrive();
    const confirmation = await confirmationOf(visitor, 'c=amazon.1357');
    const before = await written();
    const without = confirmation.fields.filter(([name]) => name !== 'token');
    const forms: [[string, string][], Record<string, string>][] = [
      [without, {}],
      [[...without, ['token', 'x']], {}],
      [[...without, tokenOf(stranger.page) as [string, string]], {}],
      [[...confirmation.fields, ['token', 'second']], {}],
      [confirmation.fields, { origin: 'https://evil.example' }],
      [confirmation.fields, { origin: 'https://uketori.example.evil.example' }],
      [confirmation.fields, { 'sec-fetch-site': 'cross-site' }],
      [confirmation.fields, { 'sec-fetch-site': 'same-site' }],
      [confirmation.fields, { 'content-type': 'text/plain' }],
      [confirmation.fields, { 'content-type': 'application/json' }],
    ];
    for (const [fields, headers] of forms) {
      const answer = await visitor.post('/receive/confirm', fields, headers);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('何も行われていません');
    }
    // The form of a page that was left open too long is no forgery.
    visitor.cookies.clear();
    expect((await visitor.post('/receive/confirm', confirmation.fields)).status).toBe(401);
    expect((await visitor.post('/receive/confirm', confirmation.fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await written()).toBe(before);
  });

  it('a form of 1 MB, and one just above what any form of ours is', async () => {
    const { visitor, page } = await arrive();
    const before = await written();
    for (const size of [40_000, 1_000_000]) {
      expect((await visitor.post('/receive', [...page.fields, ['provider', 'a'.repeat(size)]])).status).toBe(413);
    }
    expect(await written()).toBe(before);
  });

  it('steps out of order', async () => {
    const { visitor } = await arrive();
    expect(await visitor.get('/receive/confirm')).toMatchObject({ status: 303, location: '/receive' });
    expect(await visitor.get('/receive/progress')).toMatchObject({ status: 303, location: '/receive' });
    expect((await visitor.get('/receive/codes')).status).toBe(200);
    for (const path of [
      '/receive',
      '/receive/confirm?c=amazon.1',
      '/receive/split',
      '/receive/progress',
      '/receive/codes',
      '/api/progress',
    ]) {
      expect((await site.visitor().get(path)).status, path).toBe(401);
    }
  });

  it('a method that a page does not have', async () => {
    const { visitor, page, grantId } = await arrive();
    const before = await written();
    for (const path of ['/', site.linkOf(grantId), '/receive/progress', '/receive/codes', '/api/progress']) {
      const answer = await visitor.post(path, [tokenOf(page)]);
      expect(answer.status, path).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await visitor.send('/receive', { method })).status, method).toBe(405);
    expect(await written()).toBe(before);
  });
});

describe('words for machines and for people', () => {
  it('answers JSON clients with problem+json', async () => {
    const { visitor, page } = await arrive();
    const json = { accept: 'application/json' };
    const answers: [Answer, number][] = [
      [await site.visitor().get('/receive', json), 401],
      [await site.visitor().get('/r/x', json), 404],
      [await visitor.get('/nowhere', json), 404],
      [await visitor.get('/receive/confirm?c=ponta.1357', json), 422],
      [await visitor.post('/receive', [['token', 'x']], json), 403],
      [await visitor.post('/receive/codes', [tokenOf(page)], json), 405],
    ];
    for (const [answer, status] of answers) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(JSON.parse(answer.text)).toMatchObject({
        status,
        type: expect.stringMatching(/^urn:uketori:/),
        title: expect.any(String),
        detail: expect.any(String),
        instance: expect.any(String),
      });
    }
  });

  it('tells the progress page when something has changed', async () => {
    const { visitor, grantId } = await redeemed();
    const asked = async () => JSON.parse((await visitor.get('/api/progress')).text) as { waiting: boolean; mark: string };
    const first = await asked();
    expect(first.waiting).toBe(true);
    expect((await visitor.get('/receive/progress')).text).toContain(`data-progress="${first.mark}"`);
    await site.issue(grantId);
    expect((await asked()).mark).not.toBe(first.mark);
  });

  it("speaks the browser's language until it is switched", async () => {
    const link = site.linkOf(await site.grant(1357));
    for (const [header, language] of [
      ['ja', 'ja'],
      ['en-US,en;q=0.9,ja;q=0.5', 'en'],
      ['fr, ja;q=0.4', 'ja'],
      ['zh-CN', 'en'],
      ['*', 'ja'],
    ] as const) {
      const visitor = site.visitor({ 'accept-language': header });
      expect((await visitor.open(link)).text).toContain(`<html lang="${language}">`);
    }
    const visitor = site.visitor();
    await visitor.open(link);
    const switched = await visitor.get('/receive?lang=en');
    expect(switched.text).toContain('<html lang="en">');
    expect(switched.text).toContain('¥');
    expect((await visitor.get('/receive')).text).toContain('<html lang="en">');
    expect((await visitor.get('/receive?lang=xx')).text).toContain('<html lang="en">');
  });

  it('says on every page that the clock was moved, and only then', async () => {
    const { visitor } = await arrive();
    expect((await visitor.get('/receive')).text).not.toContain('練習用');
    site.rehearsal = MAY_20;
    for (const path of ['/receive', '/receive/codes', '/', '/r/x']) expect((await visitor.get(path)).text).toContain('練習用の画面です');
  });

  it('keeps an answer that failed safe and secret', async () => {
    const { visitor } = await arrive();
    await sql`alter table offers rename to offers_gone`.execute(site.owner.db);
    try {
      const answer = await visitor.get('/receive');
      expect(answer.status).toBe(500);
      const reference = /受付番号 ([0-9A-F]{4}-[0-9A-F]{4})/.exec(answer.text)?.[1];
      expect(answer.text).toContain('残額は守られています');
      expect(answer.text.replace(/<style[\s\S]*?<\/style>/, '')).not.toMatch(/offers|relation|select/i);
      expect(site.portal.logged.find(({ fields }) => 'reference' in fields && fields.reference === reference)).toMatchObject({
        level: 'error',
      });
      expect((await visitor.get('/receive', { accept: 'application/json' })).text).not.toMatch(/relation/);
    } finally {
      await sql`alter table offers_gone rename to offers`.execute(site.owner.db);
    }
  });

  it('not found for the addresses of the framework, which no page of ours uses', async () => {
    const { visitor } = await arrive();
    for (const path of ['/receive.data', '/r/x.data', '/nowhere.data', '/_root.data', '/__manifest?p=/receive&version=x']) {
      expect((await visitor.get(path)).status, path).toBe(404);
      expect((await visitor.post(path, [])).status, path).toBe(404);
    }
  });
});
