import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IssueOutcome, ProviderDefinition, StandInFactory } from '#adapters/providers/port';

const NOW = new Date('2023-05-20T03:00:00Z');

/** A brand over the gift-code API against its stand-in. @returns what asks it for a code of an amount in yen */
export function standInBrand<Settings>(
  provider: ProviderDefinition<Settings>,
  makeStandIn: StandInFactory<Settings>,
): (yen: number) => Promise<IssueOutcome> {
  const prefix = provider.id.toUpperCase();
  const parsed = provider.settings.parse({
    [`${prefix}_BASE_URL`]: 'https://gifts.test',
    [`${prefix}_KEY_ID`]: 'TEST-key-1',
    [`${prefix}_SECRET`]: 'TEST-secret-not-for-real-use',
  });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  const { settings } = parsed;
  const fake = makeStandIn({ settings, now: () => NOW, hangMs: 1 });
  const network = setupServer(http.all('https://gifts.test/*', ({ request }) => fake.handle(request)));
  beforeAll(() => network.listen({ onUnhandledRequest: 'error' }));
  afterAll(() => network.close());
  return (yen) => provider.connect(settings).issue({ key: provider.providerKey(`peculiar ${yen}`, settings), yen }, { now: NOW });
}

/** Sixteen letters and digits, as three of the brands have them, missed in every way. */
export const NO_SIXTEEN_LETTERS = [
  'TESTGD85S4SKKE5',
  'TESTGD85S4SKKE5HH',
  'TEST-GD85-S4SK-KE5H',
  'TESTGD85S4SKKE5H\n',
  'テストGD85S4SKKE5H',
];

/** What a code of the brand looks like, and what does not. */
export function holdsCodesTo(pattern: RegExp, { good, bad }: { good: readonly string[]; bad: readonly string[] }): void {
  it.each(good)('takes %j for a code', (code) => {
    expect(pattern.test(code)).toBe(true);
  });
  it.each(bad)('does not take %j for a code', (code) => {
    expect(pattern.test(code)).toBe(false);
  });
}
