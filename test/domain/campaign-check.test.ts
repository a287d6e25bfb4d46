import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CampaignFile, campaignFile, campaignSettings } from '~/domain/campaign';
import { checkCampaign, type MessageFit } from '~/domain/campaign-check';
import { exclusiveDeadline } from '~/domain/deadline';

const SAMPLE = campaignFile.parse(JSON.parse(readFileSync('db/programmes/kumamoto-2023/campaign.json', 'utf8')));
const { coupon, claims, offers } = SAMPLE;
if (!coupon || !claims) throw new Error('the sample lacks a part');

function findings(change: Partial<CampaignFile> = {}, more: { messages?: MessageFit } = {}): string[] {
  const campaign = { ...SAMPLE, ...change };
  return checkCampaign({
    settings: campaignSettings.parse(campaign),
    redeemUntil: exclusiveDeadline(new Date(campaign.redeemUntil)),
    grantCeilingYen: BigInt(campaign.grantCeilingYen),
    offers: campaign.offers.map((offer) => ({ ...offer, paused: false })),
    messages: null,
    ...more,
  }).map(({ name, group }) => (group ? `${name} ${group}` : name));
}

const app = (from: string, until: string, hours?: [number, number]): Partial<CampaignFile> => ({
  sending: { app: { from, until, ...(hours ? { hours } : {}) } },
});

describe('a programme looked at as a whole', () => {
  it('finds nothing wrong with the one of 2023', () => {
    expect(findings()).toEqual([]);
  });

  it.each<[string, Partial<CampaignFile>, string[]]>([
    ['only face values', { offers: offers.filter(({ amount }) => amount.kind === 'fixed') }, ['one_yen_lost']],
    [
      'a minimum of 100',
      { offers: offers.slice(0, 1).map((offer) => ({ ...offer, amount: { kind: 'range', minYen: 100, maxYen: 500_000, stepYen: 1 } })) },
      ['one_yen_lost'],
    ],
    ['an extension into the past', { coupon: { ...coupon, extendedUntil: '2023-02-01T00:00:00+09:00' } }, ['extension_before_expiry']],
    ['a cut-off too early', { coupon: { ...coupon, residualTakenAt: '2023-03-30T23:59:59+09:00' } }, ['cutoff_before_extension']],
    ['claims that close first', { claims: { ...claims, closesAt: '2023-03-24T13:59:58+09:00' } }, ['claims_order']],
    [
      'claims after the deadline',
      { claims: { ...claims, closesAt: '2023-06-01T00:00:00+09:00' } },
      ['claims_after_deadline', 'sending_before_claims_end claim'],
    ],
    ['sending before the cut-off', app('2023-03-31', '2023-04-21'), ['sending_before_cutoff app']],
    ['sending backwards', app('2023-04-21', '2023-04-20'), ['sending_order app']],
    ['sending too long', app('2023-04-10', '2023-06-01'), ['sending_after_deadline app']],
    ['hours the wrong way', app('2023-04-10', '2023-04-21', [20, 9]), ['hours_order app']],
    ['no claims', { claims: undefined }, ['no_claims']],
  ])('with %s says so', (_case, change, expected) => {
    expect(findings(change)).toEqual(expected);
  });

  it('says where an SMS goes in parts, cannot be sent, or a letter leaves its page', () => {
    const one = { segments: 1, tooLong: false };
    const sms = [
      { purpose: 'invitation' as const, ...one },
      { purpose: 'reminder' as const, ...one },
    ];
    expect(findings({}, { messages: { sms, letterFits: true } })).toEqual([]);
    const long = sms.map((each, i) => ({ ...each, segments: 2 + i * 9, tooLong: i === 1 }));
    expect(findings({}, { messages: { sms: long, letterFits: false } })).toEqual([
      'sms_invitation_parts',
      'sms_reminder_too_long',
      'letter_overflows',
    ]);
  });

  it('takes a deadline in the last second of sending, and none before it', () => {
    const until = SAMPLE.sending?.claim?.until;
    expect(findings({ redeemUntil: `${until}T23:59:59+09:00` })).toEqual([]);
    expect(findings({ redeemUntil: `${until}T23:59:57+09:00` })).toEqual(['sending_after_deadline claim']);
  });
});
