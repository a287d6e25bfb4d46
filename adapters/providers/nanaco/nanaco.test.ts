import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import provider from './index';
import makeStandIn from './stand-in';
import { CODE } from './wire';

const PREFIX = provider.id.toUpperCase();
const parsed = provider.settings.parse({
  [`${PREFIX}_BASE_URL`]: 'https://gifts.test',
  [`${PREFIX}_KEY_ID`]: 'TEST-key-1',
  [`${PREFIX}_SECRET`]: 'TEST-secret-not-for-real-use',
});
if (!parsed.ok) throw new Error(parsed.problems.join());
const { settings } = parsed;
const now = new Date('2023-05-20T03:00:00Z');
const fake = makeStandIn({ settings, now: () => now, hangMs: 1 });

const network = setupServer(http.all('https://gifts.test/*', ({ request }) => fake.handle(request)));
beforeAll(() => network.listen({ onUnhandledRequest: 'error' }));
afterAll(() => network.close());

function issued(yen: number) {
  return provider.connect(settings).issue({ key: provider.providerKey(`peculiar ${yen}`, settings), yen }, { now });
}

describe('nanaco', () => {
  it.each(['TESTQEWB48G34XE7', 'abcdEFGH12345678'])('takes %j for a code', (code) => {
    expect(CODE.test(code)).toBe(true);
  });

  it.each(['TESTGD85S4SKKE5', 'TESTGD85S4SKKE5HH', 'TEST-GD85-S4SK-KE5H', 'TESTGD85S4SKKE5H\n', 'テストGD85S4SKKE5H'])(
    'does not take %j for a code',
    (code) => {
      expect(CODE.test(code)).toBe(false);
    },
  );

  it('makes the registration link when the answer brings none', async () => {
    const outcome = await issued(777);
    if (outcome.kind !== 'issued') throw new Error(JSON.stringify(outcome));
    expect(outcome.issued.url).toBe(`https://www.nanaco-net.jp/pc/emServlet?gid=${outcome.issued.code}`);
  });

  it('tells what its sender must tell: terms, management number, when it can be received', () => {
    const { ja, en } = provider.brand.text;
    expect(ja.legal.join()).toContain('約款');
    expect(en.legal.join()).toContain('terms');
    expect(ja.notes.join()).toContain('管理番号');
    expect(en.notes.join()).toContain('management number');
    expect(ja.notes.join()).toContain('翌々日');
    expect(en.notes.join()).toContain('two days later');
  });
});
