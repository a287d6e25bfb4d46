import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertFailure } from '../support/failures';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { signInAs } from '../support/staff';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
  await insertFailure(site, { yen: 500 });
  await insertFailure(site, { yen: 700, provider: 'paypay' });
  await site.grant(1_000);
});
afterAll(() => site.stop());

const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the charts', () => {
  it('are drawn on the server, each with its words and a table that says the same', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    const page = await visitor.get('/admin/charts');
    expect(page.status).toBe(200);
    expect(page.text.match(/<svg class="chart"[^>]*role="img"/g)?.length).toBe(4);
    expect(page.text.match(/<details>/g)?.length).toBe(4);
    expect(textOf(page.text)).toContain('日ごとの送信・到達・開封・受取（メール） この期間には何もありません');
    const words = textOf(page.text);
    expect(words).toContain('期間の合計は2件、最も多い日は2件です');
    expect(words).toContain('最後の日の残額は1,000円、期限まで11日です');
    expect(words).toContain('付与された（全期間） 3人');
    // Nobody was seen to open a link, but who redeemed had to.
    expect(words).toContain('リンクを開いた 2人');
    expect(words).toContain('交換した 2人');
    expect(words).toContain('交換先が受け付けなかった 2件');
    expect(words).toMatch(/2023-05-20 1 1 2/);
  });

  it('follow the filter in the address', async () => {
    const { visitor } = await signInAs(site, 'auditor');
    const one = textOf((await visitor.get('/admin/charts?provider=nanaco&from=2023-05-20&until=2023-05-20')).text);
    expect(one).toContain('期間の合計は1件');
    const before = await visitor.get('/admin/charts?from=2023-05-01&until=2023-05-19');
    expect(textOf(before.text)).toContain('この期間には何もありません');
    expect(before.text).toContain('value="2023-05-19"');
    const outside = await signInAs(site, 'viewer', { campaigns: [] });
    expect(textOf((await outside.visitor.get('/admin/charts')).text)).not.toContain('交換した 2人');
  });

  it('say what is wrong with the days, and show the usual ones instead', async () => {
    const { visitor } = await signInAs(site, 'viewer');
    for (const query of ['from=2023-02-30', 'from=2023-05-20&until=2023-05-01', 'from=2020-01-01&until=2023-01-01', 'until=x']) {
      const page = await visitor.get(`/admin/charts?${query}`);
      expect(page.status).toBe(422);
      expect(page.text).toContain('期間は1日から200日まで');
    }
  });
});
