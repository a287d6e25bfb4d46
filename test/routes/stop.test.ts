import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STOP_GENERATION, stopTokenOf } from '~/domain/stop-link';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';

let site: RecipientSite;
beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());

const linkOf = (grantId: string) => `/stop/${stopTokenOf(grantId, site.owner.crypto.linkToken(grantId, STOP_GENERATION))}`;
const optOuts = (grantId: string) => site.owner.db.selectFrom('reminder_opt_outs').select('way').where('grant_id', '=', grantId).execute();
const form = (body: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

describe('the stop link of a reminder', () => {
  it('shows a page with a button; reading it changes nothing', async () => {
    const grantId = await site.grant(42);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (let i = 0; i < 5; i += 1) await site.visitor().send(linkOf(grantId), { method });
    }
    const page = await site.visitor().get(linkOf(grantId));
    expect(page.text).toContain('お知らせを止める</button>');
    expect(await optOuts(grantId)).toEqual([]);
  });

  it('stops them by its button, once, and says so from then on', async () => {
    const grantId = await site.grant(42);
    for (let i = 0; i < 2; i += 1) {
      const answer = await site.visitor().send(linkOf(grantId), form('stop=1'));
      expect(answer.status).toBe(303);
    }
    expect((await site.visitor().get(linkOf(grantId))).text).toContain('お知らせを止めました');
    expect(await optOuts(grantId)).toEqual([{ way: 'page' }]);
    const entries = await site.owner.db.selectFrom('audit_entries').select('detail').where('subject_id', '=', grantId).execute();
    expect(entries).toEqual([{ detail: { way: 'page' } }]);
    // It opens nothing else.
    expect((await site.visitor().get(site.linkOf(grantId))).status).toBe(303);
    expect((await site.visitor().get(linkOf(grantId).replace('/stop/', '/r/'))).status).toBe(404);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'],
  ])('stops them by one click of a mail program (%s), without a cookie and from elsewhere', async (type, body) => {
    const grantId = await site.grant(42);
    const headers = { 'content-type': type, origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' };
    const answer = await site.visitor().send(linkOf(grantId), { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    expect(await optOuts(grantId)).toEqual([{ way: 'one_click' }]);
  });

  it.each(['です', encodeURIComponent('です。'), 'A', '.', ')', '>', '。', '/', '?x'])(
    'with %s after it is the link itself, for the page, its button and the one click',
    async (tail) => {
      const grantId = await site.grant(42);
      const link = `${linkOf(grantId)}${tail}`;
      expect((await site.visitor().get(link)).text).toContain('お知らせを止める</button>');
      expect(await optOuts(grantId)).toEqual([]);
      expect((await site.visitor().send(link, form('stop=1'))).status).toBe(303);
      expect((await site.visitor().send(link, form('List-Unsubscribe=One-Click'))).status).toBe(200);
      expect(await optOuts(grantId)).toEqual([{ way: 'page' }]);
    },
  );

  it('that is forged, cut or of somebody else does nothing', async () => {
    const grantId = await site.grant(42);
    const other = await site.grant(42);
    const right = linkOf(grantId);
    for (const link of [
      `${right.slice(0, 28)}${linkOf(other).slice(28)}`,
      right.slice(0, -1),
      `${right.slice(0, -1)}。A`,
      '/stop/x',
      `/stop/${'-'.repeat(38)}`,
    ])
      expect((await site.visitor().send(link, form('stop=1'))).status, link).toBe(404);
    expect(await optOuts(grantId)).toEqual([]);
  });
});
