import { lastMoment } from '../domain/deadline';
import { segments } from '../domain/segments';
import { formatMonthDay, formatTime } from '../i18n/format';
import type { MessageFacts } from './facts';
import { oneLine } from './plain';
import { yenText } from './words';

/**
 * Makes the SMS: the short form with link and phrase where it fits into one (70 characters), which takes a short host
 * and office, else the whole one with the call centre and how to check it.
 * No phone shows a link better than at the end of its own line.
 */
export function smsOf(facts: MessageFacts, isShort = isShortSms(facts)): string {
  const text = (isShort ? shortOf(facts) : null) ?? (facts.language === 'ja' ? longInJapanese(facts) : longInEnglish(facts));
  return facts.stopLink ? `${text}\n${facts.language === 'ja' ? '停止' : 'Stop'} ${facts.stopLink}` : text;
}

/** Whether the short form fits into one. */
export function isShortSms(facts: MessageFacts): boolean {
  const short = shortOf(facts);
  return short !== null && segments(short).segments === 1;
}

/** An amount as an SMS writes it: in English the yen sign is none of the letters that count half. */
export function smsYen(language: 'ja' | 'en', yen: bigint): string {
  return language === 'ja' ? yenText('ja', yen) : `${yen} yen`;
}

function shortOf(facts: MessageFacts): string | null {
  return facts.language === 'ja' ? shortInJapanese(facts) : shortInEnglish(facts);
}

/** Whether the sum stands on a line of its own, for a page that is sent again: there may be none, and the rest is said all the same. */
function hasSumLine({ purpose, open, yen }: MessageFacts): boolean {
  return (purpose === 'resend' || purpose === 'address_changed_new') && open && yen > 0n;
}

function shortInJapanese(facts: MessageFacts): string | null {
  const { purpose } = facts;
  if (!facts.link) return null;
  const link = `合言葉${facts.phrase} ${facts.link}`;
  const office = `【${oneLine(facts.office.ja)}】`;
  const yen = yenText('ja', facts.yen);
  const day = formatMonthDay(lastMoment(facts.deadlineAt));
  switch (purpose) {
    case 'resend':
    case 'address_changed_new':
      return facts.open ? `${office}受取ページ ${day}まで ${link}` : `${office}受取ページ ${link}`;
    case 'code_ready':
      return `${office}コード${yen}分 ${link}`;
    case 'reissued':
      return `${office}再発行${yen}分 ${link}`;
    case 'deadline_extended':
      return `${office}期限を${day}に延長 ${link}`;
    case 'invitation':
      return `${office}${yen}受取 ${day}まで ${link}`;
    case 'reminder':
      return `${office}残り${yen} ${day}まで ${link}`;
    // What failed is not said in a few letters.
    case 'code_failed':
    case 'address_changed_old':
      return null;
  }
}

function longInJapanese(facts: MessageFacts): string {
  const yen = yenText('ja', facts.yen);
  const last = lastMoment(facts.deadlineAt);
  const until = `${formatMonthDay(last)} ${formatTime(last)}まで`;
  const lead = {
    resend: '受取ページのご案内（再送）です。',
    address_changed_old: 'ご案内の送り先を別の宛先に変更しました。前の受取ページは使えません。お心当たりがなければすぐお電話ください。',
    address_changed_new: '送り先をこの番号に変更しました。新しい受取ページです。',
    code_ready: `ギフトコード（${yen}分）の準備ができました。`,
    code_failed: `ギフトコード（${yen}分）を発行できませんでした。お金はなくなっていません。下のページで別の受け取り方法をお選びください。`,
    reissued: `ギフトコード（${yen}分）を再発行しました。前のコードは使えません。`,
    deadline_extended: `受取期限を${until}延ばしました。`,
    invitation: `${yen}を${until}に受け取れます。下のあなた専用ページでお手続きください。`,
    reminder: `まだ受け取られていない${yen}があります。受取は${until}です。`,
  }[facts.purpose];
  return [
    `【${oneLine(facts.office.ja)}】${lead}`,
    ...(hasSumLine(facts) ? [`${yen}を${until}に受け取れます。`] : []),
    ...(facts.link ? [facts.link] : []),
    ...(facts.phrase ? [`合言葉「${facts.phrase}」`] : []),
    `確認は${oneLine(facts.callCentre.tel)}（${oneLine(facts.callCentre.hours.ja)}）へ`,
  ].join('\n');
}

function shortInEnglish(facts: MessageFacts): string | null {
  if (!facts.link || facts.purpose === 'address_changed_old') return null;
  const day = formatMonthDay(lastMoment(facts.deadlineAt));
  const what = facts.purpose === 'resend' ? (facts.open ? `your page, by ${day}` : 'your page') : `${smsYen('en', facts.yen)} by ${day}`;
  const isShort = facts.purpose === 'resend' || facts.purpose === 'invitation' || facts.purpose === 'reminder';
  return isShort ? `${oneLine(facts.office.en)}: ${what}. Phrase ${facts.phrase} ${facts.link}` : null;
}

function longInEnglish(facts: MessageFacts): string {
  const last = lastMoment(facts.deadlineAt);
  const until = `${formatMonthDay(last)} ${formatTime(last)}`;
  const yen = smsYen('en', facts.yen);
  const lead = {
    resend: 'your page again.',
    address_changed_old:
      'messages now go to another address. The former page no longer works. If you did not ask for this, call us at once.',
    address_changed_new: 'messages now come to this number. This is your new page.',
    code_ready: `your gift code (${yen}) is ready.`,
    code_failed: `your gift code (${yen}) could not be issued. Nothing is lost: please choose another way on your page.`,
    reissued: `your gift code (${yen}) was issued anew. The former code no longer works.`,
    deadline_extended: `you can now choose until ${until}.`,
    invitation: `you can receive ${yen} on your personal page until ${until}.`,
    reminder: `${yen} are still waiting for you. Receive them by ${until}.`,
  }[facts.purpose];
  return [
    `${oneLine(facts.office.en)}: ${lead}`,
    ...(hasSumLine(facts) ? [`Receive ${yen} by ${until}.`] : []),
    ...(facts.link ? [facts.link] : []),
    ...(facts.phrase ? [`Phrase: ${facts.phrase}`] : []),
    `Is this real? Call ${oneLine(facts.callCentre.tel)} (${oneLine(facts.callCentre.hours.en)})`,
  ].join('\n');
}
