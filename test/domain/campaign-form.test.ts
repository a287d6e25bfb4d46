import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignFile } from '~/domain/campaign';
import { datesChange, movedByDays, withAnnouncements } from '~/domain/campaign-change';
import { campaignFormNames, readCampaignForm, typedCampaign } from '~/domain/campaign-form';

const PROVIDERS = ['amazon', 'ponta', 'paypay', 'edy', 'nanaco'];
const file = campaignFile.parse(JSON.parse(readFileSync('db/programmes/kumamoto-2023/campaign.json', 'utf8')));
const typed = typedCampaign(file, PROVIDERS);
const read = (more: Record<string, string>, base: typeof file | null = file) => readCampaignForm({ ...typed, ...more }, base, PROVIDERS);

describe('a programme in a form', () => {
  it('is read again as it was, also without the file that it began with', () => {
    expect(read({})).toEqual({ ok: true, file });
    expect(read({}, null)).toEqual({ ok: true, file });
    expect(Object.keys(typed).sort()).toEqual(campaignFormNames(PROVIDERS).sort());
  });

  it('keeps what it does not show', () => {
    const more = campaignFile.parse({
      ...file,
      cases: { dueDays: { received: 3 } },
      sending: { app: { ...file.sending?.app, warmUp: [1, 2] } },
    });
    const result = readCampaignForm(typedCampaign(more, PROVIDERS), more, PROVIDERS);
    expect(result).toEqual({ ok: true, file: more });
  });

  it('is read in full width, and without what is switched off', () => {
    const result = read({ grantCeilingYen: '１，０００', has_claims: '', has_claim: '', closesAt: 'nonsense' });
    expect(result).toMatchObject({ ok: true, file: { grantCeilingYen: 1_000 } });
    expect(result.ok && result.file.claims).toBe(undefined);
    expect(result.ok && Object.keys(result.file.sending ?? {})).toEqual(['app']);
  });

  it('keeps the order of its offers, and lets it be set', () => {
    const order = (result: ReturnType<typeof read>) => (result.ok ? result.file.offers.map(({ provider }) => provider) : result.problems);
    const reversed = { ...file, offers: [...file.offers].reverse() };
    expect(order(readCampaignForm(typedCampaign(reversed, PROVIDERS), reversed, PROVIDERS))).toEqual([...PROVIDERS].reverse());
    expect(order(read({ offer_nanaco_place: '0' }))).toEqual(['nanaco', 'amazon', 'ponta', 'paypay', 'edy']);
  });

  it('keeps an instant as it was written where nobody touched it', () => {
    const utc = { ...file, claims: { opensAt: '2023-03-24T05:00:00Z', closesAt: '2023-04-30T14:59:59Z' } };
    expect(readCampaignForm(typedCampaign(utc, PROVIDERS), utc, PROVIDERS)).toEqual({ ok: true, file: utc });
  });

  it.each([
    ['name_ja', 'あ'.repeat(2_001), 'long'],
    ['offer_ponta_place', 'first', 'number'],
    ['redeemUntil', '2023-05-31', 'moment'],
    ['redeemUntil', '2023-02-30 10:00:00', 'moment'],
    ['redeemUntil', '', 'missing'],
    ['app_from', '31.5.2023', 'day'],
    ['app_first', '9', 'missing'],
    ['grantCeilingYen', 'many', 'number'],
    ['grantCeilingYen', '0', 'wrong'],
    ['mail', 'nobody', 'wrong'],
    ['tel', 'x', 'wrong'],
    ['id', 'Kumamoto 2023', 'wrong'],
    ['offer_amazon_max', '', 'missing'],
    ['offer_ponta_faces', '100 x', 'numbers'],
    ['began', '2023-02-25 10:00:00', 'wrong'],
  ])('with %s %j is refused at that field: %s', (name, value, problem) => {
    const result = read({ [name]: value });
    expect(result).toMatchObject({ ok: false, problems: { [name]: problem } });
  });

  it('of any texts is read or refused, never failing', () => {
    const names = campaignFormNames(PROVIDERS);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 60 }), (name, text) => {
        const result = read({ [name]: text });
        expect(result.ok || Object.keys(result.problems).length > 0).toBe(true);
      }),
    );
  });
});

describe('a new version', () => {
  const later = { ...file, redeemUntil: '2023-06-30T23:59:59+09:00' };
  it('tells the public of the dates they knew, first and now, and no more once they are back', () => {
    const once = withAnnouncements(file, later);
    expect(once.announced).toEqual([{ what: 'deadline', from: file.redeemUntil, to: later.redeemUntil }]);
    const twice = withAnnouncements(once, { ...once, redeemUntil: '2023-07-31T23:59:59+09:00' });
    expect(twice.announced).toEqual([{ what: 'deadline', from: file.redeemUntil, to: '2023-07-31T23:59:59+09:00' }]);
    expect(withAnnouncements(twice, { ...twice, redeemUntil: file.redeemUntil }).announced).toBe(undefined);
  });

  it('changes dates or not', () => {
    expect(datesChange(file, later)).toBe(true);
    expect(datesChange(file, { ...file, name: later.office })).toBe(false);
    expect(datesChange(file, { ...file, claims: undefined })).toBe(true);
  });

  it('of another year has its dates moved, and nothing else', () => {
    const copy = movedByDays(withAnnouncements(file, later), 365);
    expect(copy).toMatchObject({
      redeemUntil: '2024-06-29T23:59:59+09:00',
      claims: { opensAt: '2024-03-23T14:00:00+09:00' },
      sending: { app: { from: '2024-04-09' } },
      callCentre: { tel: file.callCentre.tel },
    });
    expect(copy.announced).toBe(undefined);
    expect(movedByDays(movedByDays(file, 40), -40)).toEqual(file);
  });
});
