import type { Notice } from '../components/notice-page';
import { lastMoment } from '../domain/deadline';
import type { Refusal, RefusalReason } from '../domain/refusal';
import type { TextKey, Texts } from '../i18n/texts';
import type { RecipientPage } from '../views/recipient-page';

/** A notice's words: four texts under one name. */
type NoticeName = TextKey extends infer K ? (K extends `${infer Name}.do` ? (Name extends 'notice' ? never : Name) : never) : never;

const NAMES: Readonly<Record<RefusalReason, NoticeName>> = {
  unknown_link: 'unknown_link',
  session_ended: 'session_ended',
  not_found: 'not_found',
  closed: 'closed',
  frozen: 'frozen',
  nothing_left: 'nothing_left',
  nothing_chosen: 'request_invalid',
  amount_invalid: 'amount',
  amount_too_large: 'amount',
  amount_not_possible: 'amount',
  rest_unredeemable: 'amount',
  too_many_choices: 'request_invalid',
  offer_unknown: 'offer_unknown',
  offer_paused: 'offer_paused',
  out_of_stock: 'out_of_stock',
  request_key_invalid: 'request_invalid',
  request_key_reused: 'request_key_reused',
  not_failed: 'not_failed',
  form_expired: 'form_expired',
  too_many_requests: 'too_many_requests',
  too_large: 'too_large',
};

/** Reasons for which nothing leads back into the pages. */
const WITHOUT_WAY: readonly RefusalReason[] = ['unknown_link', 'session_ended', 'too_many_requests'];
const TO_CODES: readonly RefusalReason[] = ['nothing_left', 'not_failed', 'request_key_reused', 'closed', 'frozen'];

/** A refusal in words: what happened, what is safe, what to do. */
export function refusalNotice(
  t: Texts,
  refusal: Refusal,
  page: RecipientPage | null,
  extra: { retryAfterSeconds?: number; signedIn: boolean },
): Notice {
  const name = NAMES[refusal.reason];
  const label = page?.offers.find((offer) => offer.provider === refusal.provider)?.label;
  const values = {
    label: label ? t.own(label) : '',
    yen: refusal.yen === undefined ? '' : t.yen(refusal.yen),
    wait: waitText(t, extra.retryAfterSeconds ?? 60),
  };
  const own = page ? ownWords(t, refusal, page) : {};
  return {
    title: t(`${name}.title`),
    what: t(`${name}.what`, values),
    safe: t(`${name}.safe`, values),
    act: t(`${name}.do`, values),
    tone: refusal.reason === 'form_expired' || refusal.reason === 'too_large' ? 'stop' : 'wait',
    ...wayOn(t, refusal.reason, page, extra.signedIn),
    ...own,
  };
}

/** About so long, in words. */
export function waitText(t: Texts, seconds: number): string {
  return seconds >= 60 ? t('wait.minutes', { count: Math.ceil(seconds / 60) }) : t('wait.seconds', { count: seconds });
}

function wayOn(t: Texts, reason: RefusalReason, page: RecipientPage | null, signedIn: boolean): Pick<Notice, 'next'> {
  if (reason === 'unknown_link') return { next: { href: '/recover', text: t('recover.link') } };
  if (!signedIn || WITHOUT_WAY.includes(reason)) return {};
  if (TO_CODES.includes(reason)) {
    return page && page.redemptions.length > 0 ? { next: { href: '/receive/codes', text: t('code.all') } } : {};
  }
  return { next: { href: '/receive', text: t('notice.back') } };
}

/** What can be said more exactly about this recipient. */
function ownWords(t: Texts, refusal: Refusal, { grant }: RecipientPage): Partial<Notice> {
  if (refusal.reason === 'closed') {
    const until = t.moment(lastMoment(grant.deadlineAt));
    const lost = grant.residualYen + grant.lapsedYen;
    return {
      what: lost > 0n ? t('closed.what', { until, yen: t.yen(lost) }) : t('closed.whatDone', { until }),
      safe:
        grant.pendingYen > 0n
          ? t('closed.safePending', { yen: t.yen(grant.pendingYen) })
          : t(grant.issuedYen > 0n ? 'closed.safe' : 'closed.safeNone'),
    };
  }
  if (refusal.reason === 'frozen') {
    const until = grant.frozenUntil ? t('sentence.join') + t('frozen.until', { moment: t.moment(grant.frozenUntil) }) : '';
    const last = t.moment(lastMoment(grant.deadlineAt));
    return {
      what: t('frozen.what') + until,
      safe:
        t('frozen.safe', { yen: t.yen(grant.residualYen) }) +
        t('sentence.join') +
        (grant.open ? t('frozen.deadline', { until: last }) : t('closed.whatDone', { until: last })),
      ...(grant.issuedYen > 0n && { safeLink: { href: '/receive/codes', text: t('frozen.codes') } }),
      next: grant.pendingYen > 0n ? { href: '/receive/progress', text: t('codes.progress') } : undefined,
    };
  }
  if (refusal.reason === 'rest_unredeemable' && refusal.yen !== undefined) {
    return { what: t('rest_unredeemable.what', { yen: t.yen(refusal.yen) }) };
  }
  return {};
}
