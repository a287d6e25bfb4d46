import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readFact, tokenOf } from '~/domain/search';
import { indexRecipients } from '~/services/index-recipients';
import { rotateKeys } from '~/services/rotate-keys';
import { sweepSearch } from '~/services/sweep-search';
import { findByFact } from '~/views/find-people';
import { changeContact, insertPerson } from '../support/people';
import { makeTestPortal, testKeys } from '../support/portal';
import { insertGrants, insertProgramme } from '../support/programme';
import { type RecipientSite, startRecipientSite, type Visitor } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
  await insertProgramme(site.owner, [{ provider: 'amazon' }], 'other-2023');
});
afterAll(() => site.stop());

async function fileAll(): Promise<number> {
  const batches = await site.owner.db.selectFrom('search_batches').select('id').orderBy('position').execute();
  for (const { id } of batches) await indexRecipients(site.console, { batchId: id });
  return batches.length;
}

async function find(visitor: Visitor, fact: string, second = '', after?: string) {
  const form = formOfAct((await visitor.get('/admin/find')).text, 'find');
  return visitor.post('/admin/find', [...form, ['fact', fact], ['second', second], ...(after ? [['after', after] as const] : [])]);
}

const rows = (html: string) => [...html.matchAll(/data-row="">([^<]+)<\/a>/g)].map(([, number]) => number);

describe('finding', () => {
  let sakura: string;
  beforeAll(async () => {
    sakura = await insertPerson(site.owner, site.campaignId, {
      number: 'KM-S-000001',
      inquiryNumber: '7700-0001',
      name: '林 さくら',
      kana: 'ハヤシ サクラ',
      phone: '+819012345678',
      mail: 'sakura.h@example.jp',
    });
    await insertPerson(site.owner, 'other-2023', {
      number: 'KM-S-000002',
      name: '林 さつき',
      kana: 'ハヤシ サツキ',
      phone: '+819012345679',
    });
    await insertPerson(site.owner, site.campaignId, {
      number: 'KM-S-000003',
      name: '小林 健',
      kana: 'コバヤシ ケン',
      phone: '+818055555678',
    });
    await fileAll();
  });

  it.each([
    ['ﾊﾔｼ ｻｸﾗ', ['KM-S-000001']],
    ['はやし', ['KM-S-000001', 'KM-S-000002']],
    ['林さくら', ['KM-S-000001']],
    ['＋81 90 1234 5678', ['KM-S-000001']],
    ['09012', ['KM-S-000001', 'KM-S-000002']],
    ['5678', ['KM-S-000001', 'KM-S-000003']],
    ['SAKURA.H@example.jp', ['KM-S-000001']],
    ['sakura', ['KM-S-000001']],
    ['km-s-0000', ['KM-S-000001', 'KM-S-000002', 'KM-S-000003']],
    ['kms000002', ['KM-S-000002']],
    ['77000001', ['KM-S-000001']],
    ['7700-00', ['KM-S-000001']],
    ['ハヤブサ', []],
    ["'; drop table grants; --", []],
  ])('by "%s"', async (typed, numbers) => {
    const { visitor } = await signInAs(site, 'operator');
    const page = await find(visitor, typed);
    expect(page.status).toBe(200);
    expect(rows(page.text).sort()).toEqual(numbers);
    expect(page.text).not.toContain('さつき');
    expect(page.text).not.toContain('1234-5678');
  });

  it('by two facts at once, also of those a list would cut', async () => {
    const { visitor } = await signInAs(site, 'approver');
    expect(rows((await find(visitor, 'ハヤシ', '5678')).text)).toEqual(['KM-S-000001']);
    expect(rows((await find(visitor, 'KM-S-0', 'ハヤシ')).text).sort()).toEqual(['KM-S-000001', 'KM-S-000002']);
    expect((await find(visitor, 'ハヤシ', '林')).status).toBe(422);
  });

  it('says so when more people fit than are looked at', async () => {
    const ids = await insertGrants(
      site.owner,
      site.campaignId,
      Array.from({ length: 2_001 }, () => 1),
    );
    const [reading] = readFact('オオ').filter(({ kind }) => kind === 'kana');
    const token = reading && tokenOf(reading);
    if (!token) throw new Error('a beginning of a kana is a token');
    await sql`
      insert into search_entries (recipient_id, campaign_id, index_key_id, tokens)
        select g.recipient_id, g.campaign_id, ${site.owner.crypto.indexKeyId}, array[${site.owner.crypto.searchToken(token.field, token.text)}::bigint]
          from grants g where g.id = any(${ids}::uuid[])
        on conflict (recipient_id) do update set tokens = excluded.tokens`.execute(site.owner.db);
    // Their contacts cannot be opened, and nobody waits for them to be filed.
    await site.owner.db.deleteFrom('search_batches').execute();
    const { visitor } = await signInAs(site, 'operator');
    expect((await find(visitor, 'オオ')).text).toContain('当てはまる人が多すぎるため');
    expect((await find(visitor, 'ハヤシ')).text).not.toContain('当てはまる人が多すぎるため');
  });

  it('shows only the programmes of who asks, by every way of finding', async () => {
    const { visitor } = await signInAs(site, 'operator', { campaigns: ['other-2023'] });
    for (const [typed, second] of [
      ['ハヤ', ''],
      ['09012', ''],
      ['KM-S-0000', ''],
      ['09012345678', ''],
      ['林さくら', ''],
      ['ハヤシ', '5678'],
      ['KM-S-0000', '林さ'],
    ]) {
      const page = await find(visitor, typed ?? '', second);
      expect(
        rows(page.text).filter((number) => number !== 'KM-S-000002'),
        typed,
      ).toEqual([]);
    }
    expect(rows((await find(visitor, '09012')).text)).toEqual(['KM-S-000002']);
    const none = await signInAs(site, 'operator', { campaigns: [] });
    expect(rows((await find(none.visitor, 'KM-S-0')).text)).toEqual([]);
  });

  it('shows the call centre one person, for two facts of different kinds, and nobody’s list', async () => {
    const { visitor, staff } = await signInAs(site, 'call_centre');
    const one = await find(visitor, 'ハヤシ');
    expect(one.status).toBe(422);
    expect(one.text).toContain('もう1つ、種類の違う手がかり');
    expect((await find(visitor, 'ハヤシ', '林さくら')).status).toBe(422);
    const found = await find(visitor, 'ハヤシ', '5678');
    expect([found.status, found.location]).toEqual([303, `/admin/people/${sakura}`]);
    const many = await find(visitor, 'KM-S-0', 'ハヤシ');
    expect(many.text).toContain('2人以上が当てはまります');
    const nobody = await find(visitor, 'ハヤシ', '0000');
    expect(nobody.text).toContain('2つの手がかりをもう一度お確かめください');
    for (const page of [one, many, nobody]) {
      expect(rows(page.text)).toEqual([]);
      expect(page.text).not.toContain('KM-S-000001');
    }
    const entries = await site.owner.db
      .selectFrom('audit_entries')
      .select(['act', 'detail'])
      .where('actor', '=', `staff:${staff.id}`)
      .orderBy('id')
      .execute();
    expect(entries.map(({ act, detail }) => `${act} ${(detail as { hits: number }).hits}`).sort()).toEqual(['find 0', 'find 1', 'find 2']);
  });

  it('keeps what was typed, says what is wrong beside the field, and writes nothing', async () => {
    const { visitor, staff } = await signInAs(site, 'operator');
    for (const [typed, second] of [
      ['', ''],
      ['は', ''],
      ['ハヤシ', 'x'],
      ['😀', ''],
      ['あ'.repeat(300), ''],
      ['\u0000ハヤシ', ''],
    ]) {
      const page = await find(visitor, typed ?? '', second);
      expect(page.status, typed).toBe(422);
      expect(page.text).toContain('aria-invalid="true"');
    }
    const entries = await site.owner.db.selectFrom('audit_entries').selectAll().where('actor', '=', `staff:${staff.id}`).execute();
    expect(entries).toEqual([]);
  });

  it('puts nothing of what was typed into an address, a log or the record', async () => {
    const { visitor } = await signInAs(site, 'operator');
    const page = await find(visitor, 'sakura.h@example.jp');
    expect(page.text).not.toMatch(/href="[^"]*sakura/);
    const logged = JSON.stringify([site.portal.logged, site.console.logged]);
    expect(logged).not.toContain('sakura');
    const audit = JSON.stringify(await site.owner.db.selectFrom('audit_entries').selectAll().where('act', '=', 'find').execute());
    for (const fact of ['sakura', 'ハヤシ', '5678', 'KM-S']) expect(audit).not.toContain(fact);
  });

  it('leads through a long list a page at a time, everybody once', async () => {
    for (let i = 0; i < 45; i += 1) {
      await insertPerson(site.owner, site.campaignId, {
        number: `PAGE-${String(100 + i)}`,
        name: '長井 列',
        kana: 'ナガイ レツ',
        phone: `+8170111100${String(10 + i)}`,
      });
    }
    await fileAll();
    const { visitor } = await signInAs(site, 'auditor');
    for (const typed of ['ナガイ', '長井列', 'PAGE-1', '07011']) {
      const seen: (string | undefined)[] = [];
      let after: string | undefined;
      for (let page = 0; page < 5; page += 1) {
        const answer = await find(visitor, typed, '', after);
        seen.push(...rows(answer.text));
        expect(rows(answer.text).length, typed).toBeLessThanOrEqual(20);
        after = /name="after" value="([^"]+)"/.exec(answer.text)?.[1];
        if (!after) break;
      }
      expect(seen.length, typed).toBe(45);
      expect(new Set(seen).size, typed).toBe(45);
    }
    expect((await find(visitor, 'ナガイ', '', "'; --")).status).toBe(200);
  });
});

describe('filing', () => {
  beforeEach(fileAll);
  afterEach(fileAll);

  it('finds whole values at once, before anything is filed, and says that the rest follows', async () => {
    await insertPerson(site.owner, site.campaignId, {
      number: 'NW-100',
      name: '新 太郎',
      kana: 'アタラシ タロウ',
      phone: '+819077770001',
      mail: 'new@example.jp',
    });
    const { visitor } = await signInAs(site, 'operator');
    for (const typed of ['090-7777-0001', 'new@example.jp', '新太郎', 'あたらし たろう', 'NW-100']) {
      expect(rows((await find(visitor, typed)).text), typed).toEqual(['NW-100']);
    }
    const early = await find(visitor, 'アタラ');
    expect(rows(early.text)).toEqual([]);
    expect(early.text).toContain('取り込んだばかりの');
    await fileAll();
    const later = await find(visitor, 'アタラ');
    expect(rows(later.text)).toEqual(['NW-100']);
    expect(later.text).not.toContain('取り込んだばかりの');
  });

  it('goes on where a worker died in the middle, and is safe to do twice', async () => {
    await insertPerson(site.owner, site.campaignId, { number: 'KL-1', kana: 'コロサレ' });
    const batches = await site.owner.db.selectFrom('search_batches').select('id').execute();
    const batchId = batches.at(-1)?.id ?? '';
    const dying = {
      ...site.console,
      crypto: {
        ...site.console.crypto,
        searchToken: () => {
          throw new Error('killed');
        },
      },
    };
    await expect(indexRecipients(dying, { batchId })).rejects.toThrow('killed');
    expect(await site.owner.db.selectFrom('search_batches').select('id').execute()).toHaveLength(batches.length);
    await fileAll();
    expect(await indexRecipients(site.console, { batchId })).toBeNull();
    const { people } = await findByFact(site.console, {
      readings: readFact('コロサ'),
      scope: 'all',
      after: null,
      now: site.owner.clock.now(),
    });
    expect(people.map(({ number }) => number)).toEqual(['KL-1']);
  });

  it('is asked for once for each batch, again when its job is lost, and keeps what cannot be read', async () => {
    await site.grant(100);
    const asked: string[] = [];
    const portal = { ...site.console, enqueue: async (_trx: unknown, job: { name: string }) => void asked.push(job.name) };
    expect(await sweepSearch(portal)).toBeGreaterThan(0);
    expect(await sweepSearch(portal)).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['index-recipients']));
    await fileAll();
    const left = await site.owner.db.selectFrom('search_batches').select('people').execute();
    expect(left.length).toBeGreaterThan(0);
    site.owner.clock.set(new Date(site.owner.clock.now().getTime() + 11 * 60_000));
    expect(await sweepSearch(portal)).toBe(left.length);
  });

  it('follows a change of address: the new one finds at once, the old one no more', async () => {
    const grantId = await insertPerson(site.owner, site.campaignId, { number: 'CH-1', name: '変更 前', phone: '+819066660001' });
    await fileAll();
    await changeContact(site.owner, grantId, { name: '変更 前', kana: null, phone: '+819066660002', mail: null });
    const { visitor } = await signInAs(site, 'operator');
    expect(rows((await find(visitor, '09066660002')).text)).toEqual(['CH-1']);
    expect(rows((await find(visitor, '09066660001')).text)).toEqual([]);
    expect(rows((await find(visitor, '0001')).text)).not.toContain('CH-1');
    await fileAll();
    expect(rows((await find(visitor, '0002')).text)).toContain('CH-1');
  });
});

describe('new keys', () => {
  it('find at every moment of a rotation: before, in between and after', async () => {
    const keys = testKeys();
    const old = { ...keys, index: { keys: [{ id: 'old', secret: Buffer.alloc(32, 'one old key that is no secret..') }] } };
    const both = {
      ...keys,
      index: { keys: [{ id: 'new', secret: Buffer.alloc(32, 'another key that is no secret..') }, ...old.index.keys] },
    };
    const before = makeTestPortal('postgres://unused', { keys: old, db: site.owner.db });
    const during = makeTestPortal('postgres://unused', { keys: both, db: site.owner.db });
    await insertPerson(before, site.campaignId, { number: 'RK-1', name: '鍵 替', kana: 'カギ カエ', phone: '+819088880001' });
    const file = async (portal: typeof before) => {
      for (const { id } of await site.owner.db.selectFrom('search_batches').select('id').execute())
        await indexRecipients(portal, { batchId: id });
    };
    const found = async (portal: typeof before, typed: string) =>
      (await findByFact(portal, { readings: readFact(typed), scope: 'all', after: null, now: site.owner.clock.now() })).people.map(
        ({ number }) => number,
      );
    const check = async (portal: typeof before) => {
      for (const typed of ['カギ', '0908888', '09088880001', '鍵替']) expect(await found(portal, typed), typed).toEqual(['RK-1']);
    };
    await file(before);
    await check(before);
    // The new key is there, nothing has been rotated yet.
    await check(during);
    const rotated = await rotateKeys(during);
    // What is filed under the old key still needs it.
    expect(rotated.use.find(({ ring, keyId }) => ring === 'index' && keyId === 'old')?.rows).toBeGreaterThan(0);
    await check(during);
    await file(during);
    await check(during);
    const left = await site.owner.db.selectFrom('search_entries').select('recipient_id').where('index_key_id', '=', 'old').execute();
    expect(left).toEqual([]);
  });
});
