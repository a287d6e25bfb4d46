import { z } from 'zod';
import { caseSettings } from './case';
import type { MessagePurpose } from './message';

/** A text in both languages; Japanese is the first. */
export const bilingual = z.object({ ja: z.string().min(1).max(2000), en: z.string().min(1).max(2000) });
export type Bilingual = z.infer<typeof bilingual>;

const instant = z.iso.datetime({ offset: true });
const day = z.iso.date();
const yenNumber = z.int().min(1).max(10_000_000);

/** What an offer can be asked for: any amount in a range, or fixed face values put together. */
export const offerAmount = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('range'), minYen: yenNumber, maxYen: yenNumber, stepYen: yenNumber })
    .refine((amount) => amount.minYen <= amount.maxYen, 'minYen is above maxYen'),
  z.object({
    kind: z.literal('fixed'),
    faceValuesYen: z.array(yenNumber).min(1).max(20),
    maxCodes: z.int().min(1).max(50),
  }),
]);
export type OfferAmount = z.infer<typeof offerAmount>;

export const offerSettings = z.object({
  provider: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/),
  label: bilingual,
  amount: offerAmount,
  source: z.enum(['api', 'stock']).default('api'),
});

/** A freeze ends by itself after 30 days at most. */
export const FREEZE_HOURS_MOST = 720;

/** What one person may do alone, by act and up to which yen; what is not named takes two. */
export const policySettings = z.object({
  freeUpToYen: z
    .partialRecord(
      z.enum([
        'reissue',
        'give_back',
        'settle_doubt',
        'extend',
        'change_address',
        'put_back',
        'extend_coupon',
        'extend_coupons',
        'decide_case',
      ]),
      z.int().min(0).max(10_000_000),
    )
    .default({}),
  /** Exports with more rows need a second person. */
  exportRowsAlone: z.int().min(0).max(1_000_000).default(100),
  /** How long a freeze lasts when nobody says otherwise, in hours. */
  freezeHours: z.int().min(1).max(FREEZE_HOURS_MOST).default(48),
  /** How many days one person's deadline may be moved beyond the programme's. */
  extensionDaysMost: z.int().min(1).max(365).default(90),
});
export type PolicySettings = z.infer<typeof policySettings>;

/** The failure that is compensated. Instants are the last seconds as announced, but for `began`. */
export const incidentSettings = z
  .object({
    began: instant,
    /** Coupons valid until here lost their use. */
    couponExpiredAt: instant,
    firstExtensionUntil: instant.optional(),
    /** The same coupon, shop and amount within so many minutes may be one payment pressed twice. */
    repeatMinutes: z.int().min(1).max(120).default(10),
  })
  .refine((incident) => Date.parse(incident.began) < Date.parse(incident.couponExpiredAt), 'couponExpiredAt is not after began');

/** What becomes of coupons. Instants are the last seconds as announced. */
export const couponSettings = z.object({
  extendedUntil: instant,
  /** The cut-off: what is left here becomes grants. */
  residualTakenAt: instant,
  minimumResidualYen: yenNumber.default(1),
});

/** When and how fast a group's messages go out, where a wave says nothing else. */
export const sendingSettings = z.object({
  from: day,
  until: day,
  /** Hours of the day in Japan: from the first on, until the second. */
  hours: z.tuple([z.int().min(0).max(23), z.int().min(1).max(24)]).optional(),
  perHour: z.int().min(1).max(10_000_000).optional(),
  /** By the receiver's domain. */
  domainPerHour: z.record(z.string(), z.int().min(1).max(10_000_000)).optional(),
  /** Messages an hour on the first day, the second and so on. */
  warmUp: z.array(z.int().min(1).max(10_000_000)).max(31).optional(),
});

/** Dates of which the public is told when they change: the last seconds as announced, but for the opening. */
export const ANNOUNCED = ['deadline', 'claims_open', 'claims_close'] as const;
export type Announced = (typeof ANNOUNCED)[number];

/** A programme's file: everything that differs from one programme to the next. */
export const campaignFile = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  name: bilingual,
  office: bilingual,
  callCentre: z.object({
    name: bilingual,
    tel: z.string().regex(/^[0-9+][0-9-]{5,19}$/),
    hours: bilingual,
  }),
  /** Reminders may come from an address of their own: whoever blocks those still gets the others. */
  senders: z.object({ mail: z.email(), sms: z.string().min(3).max(20), reminderMail: z.email().optional() }),
  sending: z.record(z.string(), sendingSettings).optional(),
  /** What one part of an SMS costs, for plans. */
  smsSegmentYen: z.number().min(0).max(1_000).optional(),
  claims: z.object({ opensAt: instant, closesAt: instant }).optional(),
  incident: incidentSettings.optional(),
  coupon: couponSettings.optional(),
  /** The last second in which a choice is taken, as announced: 2023-05-31T23:59:59+09:00. */
  redeemUntil: instant,
  /** The most that one grant of this programme may hold. */
  grantCeilingYen: yenNumber,
  /** How long issuing usually takes, for the promise on the progress page. */
  promiseMinutes: z.int().min(1).max(10_080).default(60),
  /** Paths to licensed logos by provider, where the office has a licence; else neutral tiles are drawn. */
  logos: z.record(z.string(), z.string().regex(/^\/[\w./-]+$/)).optional(),
  policy: policySettings.default(() => policySettings.parse({})),
  /** The call centre's script and due dates. */
  cases: caseSettings.optional(),
  /** Dates that changed after people were told them, as the public pages say it. Written by the portal itself. */
  announced: z
    .array(z.object({ what: z.enum(ANNOUNCED), from: instant, to: instant }))
    .max(10)
    .optional(),
  offers: z
    .array(offerSettings)
    .min(1)
    .max(20)
    .refine((offers) => new Set(offers.map((o) => o.provider)).size === offers.length, 'a provider stands twice'),
});
export type CampaignFile = z.infer<typeof campaignFile>;

/** What the campaigns table keeps as settings: the file without what has columns of its own. */
export const campaignSettings = campaignFile.omit({ id: true, redeemUntil: true, grantCeilingYen: true, offers: true });
export type CampaignSettings = z.infer<typeof campaignSettings>;

/** A campaign's policy; one loaded before there were policies has the strict defaults. */
export function policyOf(settings: { readonly policy?: unknown }): PolicySettings {
  return policySettings.parse(settings.policy ?? {});
}

/** Who a message for this purpose comes from. */
export function sendersFor(
  { mail, sms, reminderMail }: CampaignSettings['senders'],
  purpose: MessagePurpose,
): { readonly mail: string; readonly sms: string } {
  return { mail: purpose === 'reminder' ? (reminderMail ?? mail) : mail, sms };
}
