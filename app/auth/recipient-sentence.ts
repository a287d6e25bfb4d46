import { refuse } from '../domain/refusal';
import type { Texts } from '../i18n/texts';
import type { RecipientPage, RedemptionView } from '../views/recipient-page';
import { isLate, isWaiting } from './progress';
import { refusalNotice } from './refusal-notice';

/** What a recipient reads who opens the link now: the words of the page it leads to. */
export interface RecipientSentence {
  readonly page: 'choose' | 'progress' | 'codes' | 'frozen' | 'closed';
  readonly title: string;
  readonly lead: readonly string[];
  /** What is said about single redemptions, by their id. */
  readonly items: ReadonlyMap<string, string>;
}

/**
 * The one place that knows which page a link leads to and what its first words are. The recipient's pages print
 * them, and the console shows them to who answers the telephone: they cannot differ.
 */
export function recipientSentence(t: Texts, page: RecipientPage, now: Date): RecipientSentence {
  const { grant, redemptions } = page;
  if (grant.frozen) return notice(t, 'frozen', page);
  if (grant.residualYen === 0n && redemptions.length > 0) {
    const onlyWaiting = grant.issuedYen === 0n && redemptions.some(({ state }) => isWaiting(state));
    return onlyWaiting ? progressSentence(t, page, now) : codesSentence(t, page);
  }
  return grant.open ? chooseSentence(t, page) : notice(t, 'closed', page);
}

/** The words of the residual page. */
export function chooseSentence(t: Texts, { grant, redemptions }: RecipientPage): RecipientSentence {
  const notes = [
    ...(grant.pendingYen > 0n ? [t('choose.pendingNote', { yen: t.yen(grant.pendingYen) })] : []),
    ...(grant.issuedYen > 0n ? [t('choose.codesNote')] : []),
  ];
  return { page: 'choose', title: t('choose.title'), lead: [t('choose.lead'), ...notes], items: failedItems(t, redemptions) };
}

/** The words of the progress page: of what is waited for, or that it came to nothing. */
export function progressSentence(t: Texts, page: RecipientPage, now: Date): RecipientSentence {
  const items = failedItems(t, page.redemptions);
  if (!page.redemptions.some(({ state }) => isWaiting(state))) return { page: 'progress', title: t('failed.title'), lead: [], items };
  const promised = t('progress.lead', { promise: promise(t, page.campaign.promiseMinutes) });
  return {
    page: 'progress',
    title: t('progress.title'),
    lead: isLate(page, now) ? [t('progress.late')] : [t('progress.safe'), promised],
    items,
  };
}

/** The words of the overview of everything received. */
export function codesSentence(t: Texts, { grant, redemptions }: RecipientPage): RecipientSentence {
  const hasCodes = redemptions.some((item) => item.codes.some((code) => code.situation === 'issued'));
  const allDone = grant.residualYen === 0n && redemptions.length > 0 && redemptions.every(({ state }) => state === 'issued');
  const lead = t(hasCodes ? 'codes.lead' : grant.open || redemptions.length > 0 ? 'codes.none' : 'codes.noneAtAll');
  return {
    page: 'codes',
    title: t('codes.title'),
    lead: [...(allDone ? [t('codes.allDone')] : []), lead],
    items: failedItems(t, redemptions),
  };
}

function notice(t: Texts, reason: 'frozen' | 'closed', page: RecipientPage): RecipientSentence {
  const { title, what, safe, act } = refusalNotice(t, refuse(reason), page, { signedIn: true });
  return { page: reason, title, lead: [what, safe, act], items: new Map() };
}

function failedItems(t: Texts, redemptions: readonly RedemptionView[]): Map<string, string> {
  return new Map(
    redemptions
      .filter(({ state }) => state === 'failed')
      .map(({ id, label, failedYen }) => [id, t('failed.text', { label: t.own(label), yen: t.yen(failedYen) })]),
  );
}

function promise(t: Texts, minutes: number): string {
  if (minutes >= 2 * 1440) return t('promise.days', { count: Math.ceil(minutes / 1440) });
  return minutes > 120 ? t('promise.hours', { count: Math.ceil(minutes / 60) }) : t('promise.minutes', { count: minutes });
}
