import type { CampaignSettings, OfferAmount } from './campaign';
import { exclusiveDeadline } from './deadline';
import { canEmpty } from './offer';

/** What a programme's settings say, looked at as a whole. Pure. */
export interface CheckedCampaign {
  readonly settings: CampaignSettings;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
  readonly grantCeilingYen: bigint;
  readonly offers: readonly { readonly provider: string; readonly amount: OfferAmount; readonly paused: boolean }[];
  /** How its messages come out, measured with the texts themselves; null: not looked at. */
  readonly messages: MessageFit | null;
}

/** How long a programme's messages are with its own names, its largest amount and a whole link. */
export interface MessageFit {
  readonly sms: readonly { readonly purpose: 'invitation' | 'reminder'; readonly segments: number; readonly tooLong: boolean }[];
  readonly letterFits: boolean;
}

export const CAMPAIGN_FINDINGS = [
  'no_offer',
  'one_yen_lost',
  'ceiling_lost',
  'extension_before_expiry',
  'cutoff_before_extension',
  'claims_order',
  'claims_after_deadline',
  'claims_before_failure',
  'sending_order',
  'sending_before_cutoff',
  'sending_after_deadline',
  'sending_before_claims_end',
  'hours_order',
  'no_claims',
  'sms_invitation_parts',
  'sms_invitation_too_long',
  'sms_reminder_parts',
  'sms_reminder_too_long',
  'letter_overflows',
] as const;
export type CampaignFindingName = (typeof CAMPAIGN_FINDINGS)[number];

/** `fault`: somebody would be turned away or could not be paid. `hint`: it may be meant so. */
export interface CampaignFinding {
  readonly name: CampaignFindingName;
  readonly weight: 'fault' | 'hint';
  /** The group whose sending it is about. */
  readonly group: string | null;
  /** Into how many parts an SMS is cut. */
  readonly parts?: number;
}

/** Looks at a programme as a whole: windows in order, and every yen that can be owed can be taken. Nothing: all is well. */
export function checkCampaign(campaign: CheckedCampaign): CampaignFinding[] {
  return [
    ...checkOffers(campaign),
    ...checkCoupons(campaign),
    ...checkClaims(campaign),
    ...checkSending(campaign),
    ...checkMessages(campaign),
  ];
}

function fault(name: CampaignFindingName, wrong: boolean, group: string | null = null): CampaignFinding[] {
  return wrong ? [{ name, weight: 'fault', group }] : [];
}

function hint(name: CampaignFindingName, odd: boolean, group: string | null = null): CampaignFinding[] {
  return odd ? [{ name, weight: 'hint', group }] : [];
}

function checkOffers({ offers, grantCeilingYen }: CheckedCampaign): CampaignFinding[] {
  const open = offers.filter(({ paused }) => !paused);
  if (open.length === 0) return fault('no_offer', true);
  const facts = open.map(({ provider, amount }) => ({ provider, amount, paused: false, stock: null }));
  return [...fault('one_yen_lost', !canEmpty(1n, facts)), ...fault('ceiling_lost', !canEmpty(grantCeilingYen, facts))];
}

function checkCoupons({ settings: { incident, coupon } }: CheckedCampaign): CampaignFinding[] {
  if (!incident || !coupon) return [];
  const [expired, extended, taken] = [incident.couponExpiredAt, coupon.extendedUntil, coupon.residualTakenAt].map((at) => Date.parse(at));
  return [
    ...fault('extension_before_expiry', (extended ?? 0) < (expired ?? 0)),
    ...fault('cutoff_before_extension', (taken ?? 0) < (extended ?? 0)),
  ];
}

function checkClaims({ settings: { claims, incident, coupon }, redeemUntil }: CheckedCampaign): CampaignFinding[] {
  if (!claims) return hint('no_claims', coupon !== undefined);
  const [opens, closes] = [Date.parse(claims.opensAt), exclusiveDeadline(new Date(claims.closesAt)).getTime()];
  return [
    ...fault('claims_order', closes <= opens),
    ...fault('claims_after_deadline', closes > redeemUntil.getTime()),
    ...hint('claims_before_failure', incident !== undefined && opens < Date.parse(incident.began)),
  ];
}

function checkSending({ settings: { sending = {}, coupon, claims }, redeemUntil }: CheckedCampaign): CampaignFinding[] {
  return Object.entries(sending).flatMap(([group, { from, until, hours }]) => {
    const begins = Date.parse(`${from}T00:00:00+09:00`);
    const ends = Date.parse(`${until}T23:59:59+09:00`);
    const waits = group === 'claim' && claims ? exclusiveDeadline(new Date(claims.closesAt)).getTime() : null;
    return [
      ...fault('sending_order', ends < begins, group),
      ...fault('sending_after_deadline', ends > redeemUntil.getTime(), group),
      ...fault('hours_order', hours !== undefined && hours[1] <= hours[0], group),
      ...fault('sending_before_cutoff', coupon !== undefined && begins < Date.parse(coupon.residualTakenAt), group),
      // Whoever claims in the last minute must still be sent a link.
      ...hint('sending_before_claims_end', waits !== null && ends < waits, group),
    ];
  });
}

function checkMessages({ messages }: CheckedCampaign): CampaignFinding[] {
  if (!messages) return [];
  const sms = messages.sms.flatMap(({ purpose, segments, tooLong }): CampaignFinding[] => {
    if (segments <= 1) return [];
    const found = tooLong ? fault(`sms_${purpose}_too_long`, true) : hint(`sms_${purpose}_parts`, true);
    return found.map((finding) => ({ ...finding, parts: segments }));
  });
  return [...sms, ...fault('letter_overflows', !messages.letterFits)];
}
