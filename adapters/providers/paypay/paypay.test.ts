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

describe('paypay', () => {
  it.each(['0000518390963648'])('takes %j for a code', (code) => {
    expect(CODE.test(code)).toBe(true);
  });

  it.each(['000051839096364', '00005183909636480', 'TEST518390963648', '0000-5183-9096-3648', ' 0000518390963648', '００００518390963648'])(
    'does not take %j for a code',
    (code) => {
      expect(CODE.test(code)).toBe(false);
    },
  );

  it('has a link of its own and no management number', async () => {
    const outcome = await issued(1);
    if (outcome.kind !== 'issued') throw new Error(JSON.stringify(outcome));
    expect(outcome.issued).toMatchObject({
      code: expect.stringMatching(/^0000/),
      url: `https://paypay.example/charge/${outcome.issued.code}`,
    });
    expect(outcome.issued.managementNo).toBeUndefined();
  });

  it("gets its bought codes in the columns of PayPay's own file", () => {
    expect(provider.stock.format).toBe('charge_codes');
  });

  it('says in both languages that points cannot be withdrawn or transferred', () => {
    expect(provider.brand.text.ja.notes.join()).toMatch(/出金と譲渡/);
    expect(provider.brand.text.en.notes.join()).toMatch(/withdrawn or transferred/);
  });
});
