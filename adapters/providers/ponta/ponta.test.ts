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

describe('ponta', () => {
  it.each(['TESTGD85S4SKKE5H', 'abcdEFGH12345678'])('takes %j for a code', (code) => {
    expect(CODE.test(code)).toBe(true);
  });

  it.each(['TESTGD85S4SKKE5', 'TESTGD85S4SKKE5HH', 'TEST-GD85-S4SK-KE5H', 'TESTGD85S4SKKE5H\n', 'テストGD85S4SKKE5H'])(
    'does not take %j for a code',
    (code) => {
      expect(CODE.test(code)).toBe(false);
    },
  );

  it('keeps its product and its numbers in the answer', async () => {
    expect(await issued(1000)).toMatchObject({
      kind: 'issued',
      issued: {
        code: expect.stringMatching(/^TEST/),
        url: expect.stringMatching(/^https:/),
        managementNo: expect.stringMatching(/^\d{10}$/),
        expiresOn: '2023-10-20',
      },
    });
  });
});
