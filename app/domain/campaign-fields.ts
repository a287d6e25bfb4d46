/** The fields of a programme's form: what each is, and where it stands in the programme's file. Pure data. */
export type CampaignSection = 'office' | 'dates' | 'claims' | 'incident' | 'coupon' | 'app' | 'claim' | 'limits' | 'alone';

export interface CampaignField {
  /** Its name in the form; its label is `campaign.field.<name>`. */
  readonly name: string;
  readonly section: CampaignSection;
  /** `moment` is an instant in Japan, to the second. */
  readonly kind: 'text' | 'moment' | 'day' | 'number';
  readonly path: readonly (string | number)[];
  readonly optional?: true;
}

const text = (name: string, path: string): CampaignField => ({ name, section: 'office', kind: 'text', path: path.split('.') });
const both = (name: string, path: string): CampaignField[] => [text(`${name}_ja`, `${path}.ja`), text(`${name}_en`, `${path}.en`)];

const sendingFields = (group: 'app' | 'claim'): CampaignField[] => [
  { name: `${group}_from`, section: group, kind: 'day', path: ['sending', group, 'from'] },
  { name: `${group}_until`, section: group, kind: 'day', path: ['sending', group, 'until'] },
  { name: `${group}_first`, section: group, kind: 'number', path: ['sending', group, 'hours', 0], optional: true },
  { name: `${group}_end`, section: group, kind: 'number', path: ['sending', group, 'hours', 1], optional: true },
  { name: `${group}_perHour`, section: group, kind: 'number', path: ['sending', group, 'perHour'], optional: true },
];

/** What one person may do alone, up to which yen. */
export const ALONE_ACTS = [
  'reissue',
  'give_back',
  'settle_doubt',
  'extend',
  'change_address',
  'put_back',
  'extend_coupon',
  'extend_coupons',
  'decide_case',
] as const;

export const CAMPAIGN_FIELDS: readonly CampaignField[] = [
  ...both('name', 'name'),
  ...both('office', 'office'),
  ...both('centre', 'callCentre.name'),
  text('tel', 'callCentre.tel'),
  ...both('hours', 'callCentre.hours'),
  text('mail', 'senders.mail'),
  text('sms', 'senders.sms'),
  { ...text('reminderMail', 'senders.reminderMail'), optional: true },
  { name: 'redeemUntil', section: 'dates', kind: 'moment', path: ['redeemUntil'] },
  { name: 'opensAt', section: 'claims', kind: 'moment', path: ['claims', 'opensAt'] },
  { name: 'closesAt', section: 'claims', kind: 'moment', path: ['claims', 'closesAt'] },
  { name: 'began', section: 'incident', kind: 'moment', path: ['incident', 'began'] },
  { name: 'couponExpiredAt', section: 'incident', kind: 'moment', path: ['incident', 'couponExpiredAt'] },
  { name: 'firstExtensionUntil', section: 'incident', kind: 'moment', path: ['incident', 'firstExtensionUntil'], optional: true },
  { name: 'repeatMinutes', section: 'incident', kind: 'number', path: ['incident', 'repeatMinutes'] },
  { name: 'extendedUntil', section: 'coupon', kind: 'moment', path: ['coupon', 'extendedUntil'] },
  { name: 'residualTakenAt', section: 'coupon', kind: 'moment', path: ['coupon', 'residualTakenAt'] },
  { name: 'minimumResidualYen', section: 'coupon', kind: 'number', path: ['coupon', 'minimumResidualYen'] },
  ...sendingFields('app'),
  ...sendingFields('claim'),
  { name: 'grantCeilingYen', section: 'limits', kind: 'number', path: ['grantCeilingYen'] },
  { name: 'promiseMinutes', section: 'limits', kind: 'number', path: ['promiseMinutes'] },
  { name: 'smsSegmentYen', section: 'limits', kind: 'number', path: ['smsSegmentYen'], optional: true },
  { name: 'exportRowsAlone', section: 'limits', kind: 'number', path: ['policy', 'exportRowsAlone'] },
  { name: 'freezeHours', section: 'limits', kind: 'number', path: ['policy', 'freezeHours'] },
  { name: 'extensionDaysMost', section: 'limits', kind: 'number', path: ['policy', 'extensionDaysMost'] },
  ...ALONE_ACTS.map(
    (act): CampaignField => ({
      name: `alone_${act}`,
      section: 'alone',
      kind: 'number',
      path: ['policy', 'freeUpToYen', act],
      optional: true,
    }),
  ),
];

/** Sections that a programme may be without, and where they stand in the file. */
export const OPTIONAL_SECTIONS: Readonly<Partial<Record<CampaignSection, readonly string[]>>> = {
  claims: ['claims'],
  incident: ['incident'],
  coupon: ['coupon'],
  app: ['sending', 'app'],
  claim: ['sending', 'claim'],
};

/** The fields of one offer. `place` is where it stands among the others. */
export const OFFER_FIELDS = ['on', 'place', 'ja', 'en', 'kind', 'min', 'max', 'step', 'faces', 'most', 'source'] as const;
export type OfferField = (typeof OFFER_FIELDS)[number];

/** The form's name of an offer's field. */
export function offerFieldName(provider: string, field: OfferField): string {
  return `offer_${provider}_${field}`;
}
