import type { MessageState } from '../domain/message';
import type { LeftOut, SendingGroup, WavePurpose, WaveState, WaveWait } from '../domain/wave';
import { consoleTextsIn } from './console/texts';
import { digits, formatShortDay } from './format';

/** What became of a message, in the console's words. */
function messageWords(language: 'ja' | 'en'): Readonly<Record<MessageState, string>> {
  const t = consoleTextsIn(language);
  return {
    queued: t('waves.message.queued'),
    sending: t('waves.message.sending'),
    sent: t('waves.message.sent'),
    accepted: t('waves.message.accepted'),
    delivered: t('waves.message.delivered'),
    soft_failed: t('waves.message.soft_failed'),
    hard_failed: t('waves.message.hard_failed'),
    complained: t('waves.message.complained'),
    unknown: t('waves.message.unknown'),
  };
}

/** The words of `uketori send`. */
export interface SendTexts {
  /** No programme was named, and there is not just one. */
  readonly campaignNeeded: string;
  readonly bad: (option: string, text: string) => string;
  readonly noDays: string;
  readonly none: string;
  readonly nobody: string;
  readonly more: (shown: number) => string;
  readonly kept: (wave: number) => string;
  readonly wave: (number: number) => string;
  readonly now: (wave: number, state: string) => string;
  readonly refused: Readonly<Record<'wave_unknown' | 'wrong_state' | 'over' | 'past_deadline', string>>;
  readonly group: Readonly<Record<SendingGroup, string>>;
  readonly purpose: Readonly<Record<WavePurpose, string>>;
  readonly state: Readonly<Record<WaveState, string>>;
  readonly waits: Readonly<Record<WaveWait, string>>;
  readonly message: Readonly<Record<MessageState, string>>;
  readonly why: Readonly<Record<'failed' | 'unknown' | 'no_address', string>>;
  readonly leftOut: Readonly<Record<LeftOut | 'no_address' | 'unreadable', string>>;
  readonly letter: (day: string) => string;
  readonly reminders: (days: readonly string[]) => string;
  readonly progress: (sent: number, open: number, left: number | null) => string;
  readonly uninvited: (group: string, people: number) => string;
  readonly plan: {
    readonly when: (group: string, purpose: string, days: string, hours: string) => string;
    readonly pace: (perHour: number | null) => string;
    readonly domain: (domain: string, perHour: number) => string;
    readonly night: string;
    readonly warmUp: (steps: string) => string;
    readonly messages: (people: number, mail: number, sms: number) => string;
    readonly sms: (segments: number, cost: string | null) => string;
    readonly rounds: (rounds: number, messages: number, segments: number, cost: string | null) => string;
    readonly leftOut: (reason: string, people: number) => string;
    readonly endsAt: (moment: string) => string;
    readonly noEnd: string;
    readonly roundEnds: (moment: string) => string;
    readonly roundNoEnd: string;
  };
}

/** Japanese. */
export const sendJa: SendTexts = {
  campaignNeeded: 'どの事業かを --campaign で指定してください（事業が1つだけなら省けます）',
  bad: (option, text) => `${option} に使えない値です: ${text}`,
  noDays: '最終日が初日より前です',
  none: '一斉送信はまだありません',
  nobody: '該当する人はいません',
  more: (shown) => `ほかにもいます（${shown}人まで表示。--limit で増やせます）`,
  kept: (wave) => `一斉送信${wave}番として書き留めました。send start --wave ${wave} で始まります`,
  wave: (number) => `一斉送信${number}番`,
  now: (wave, state) => `一斉送信${wave}番: ${state}`,
  refused: {
    wave_unknown: 'その番号の一斉送信はありません',
    wrong_state: 'いまの状態からはできません（中止したものは再開できません）',
    over: '最終日を過ぎています。日付を改めて計画してください',
    past_deadline: '最終日が受取期限より後です。受取期限の日までにしてください',
  },
  group: { app: 'アプリ利用者', claim: '申請者' },
  purpose: { invitation: '受取のご案内', reminder: '期限前のお知らせ' },
  state: { planned: '計画', running: '送信中', paused: '一時停止', stopped: '中止', done: '完了', over: '期間終了' },
  waits: {
    hours: '時間帯の外',
    pace: '1時間あたりの上限',
    backlog: '順番待ちが多い',
    issuing: '発行が混んでいるため見合わせ',
    others: 'ほかの一斉送信の順番待ちあり',
  },
  message: messageWords('ja'),
  why: { failed: '不達', unknown: '不明（届いたかもしれない）', no_address: '宛先なし' },
  leftOut: {
    invited: '案内済み',
    finished: '受取済み',
    late: '期限切れ',
    frozen: '凍結中',
    opted_out: 'お知らせ停止の申し出',
    no_address: '宛先なし',
    unreadable: '連絡先を読めない',
  },
  letter: (day) => `手紙 ${day}`,
  reminders: (days) =>
    days.length === 0
      ? 'この期間に、催促を送る日はもうありません'
      : `催促を送る日: ${days.map((day) => formatShortDay('ja', day)).join('、')}（あと${days.length}回。次は${formatShortDay('ja', days[0] ?? '')}）`,
  progress: (sent, open, left) =>
    `送信した${digits(sent)}通、送信待ち${digits(open)}通${left === null ? '' : `、これから${digits(left)}人`}`,
  uninvited: (group, people) => `まだ案内していない人: ${group} ${digits(people)}人（送る予定の一斉送信がありません）`,
  plan: {
    when: (group, purpose, days, hours) => `${group}へ${purpose}  ${days}  ${hours}`,
    pace: (perHour) => (perHour === null ? '上限なし（送信経路の速さまで）' : `1時間に${digits(perHour)}通まで`),
    domain: (domain, perHour) => `  ${domain} へは1時間に${digits(perHour)}通まで`,
    night: '  朝9時より前か夜8時より後にも送ります。SMSで目を覚ます人がいます',
    warmUp: (steps) => `  初日からの1時間あたりの上限: ${steps}`,
    messages: (people, mail, sms) => `対象${digits(people)}人: メール${digits(mail)}通、SMS${digits(sms)}通`,
    sms: (count, cost) =>
      `  SMSは${digits(count)}セグメント（料金の単位）${cost === null ? '。費用は、事業の設定に単価（smsSegmentYen）を入れると出ます' : `、費用 ${cost}`}`,
    rounds: (rounds, messages, segments, cost) =>
      `  上の数は1回分です。あと${rounds}回ぜんぶで、多くても${digits(messages)}通、SMS${digits(segments)}セグメント${cost === null ? '' : `、費用 ${cost}`}（受け取った人には送りません）`,
    leftOut: (reason, people) => `  送らない: ${reason} ${digits(people)}人`,
    endsAt: (moment) => `この条件なら ${moment} ごろに送り終わります`,
    noEnd: 'この条件では期間内に送り終わりません',
    roundEnds: (moment) => `次の回は、この条件なら ${moment} ごろに送り終わります`,
    roundNoEnd: '次の回は、この条件ではその日のうちに送り終わりません',
  },
};

/** English. */
export const sendEn: SendTexts = {
  campaignNeeded: 'say which campaign by --campaign (only with a single one it may be left out)',
  bad: (option, text) => `${option} cannot be ${text}`,
  noDays: 'the last day is before the first',
  none: 'there is no wave yet',
  nobody: 'nobody',
  more: (shown) => `there are more (the first ${shown} are shown; --limit shows more)`,
  kept: (wave) => `written down as wave ${wave}; send start --wave ${wave} starts it`,
  wave: (number) => `wave ${number}`,
  now: (wave, state) => `wave ${wave}: ${state}`,
  refused: {
    wave_unknown: 'there is no wave of this number',
    wrong_state: 'not from the state it is in (what was stopped cannot go on)',
    over: 'its last day is past: plan it with other days',
    past_deadline: 'its last day is after the deadline: choose one up to it',
  },
  group: { app: 'users of the app', claim: 'applicants' },
  purpose: { invitation: 'invitation', reminder: 'reminder' },
  state: { planned: 'planned', running: 'running', paused: 'paused', stopped: 'stopped', done: 'done', over: 'its days are over' },
  waits: {
    hours: 'outside its hours',
    pace: 'limit of the hour',
    backlog: 'the queue is long',
    issuing: 'held back while codes would be late',
    others: 'its people wait in other waves',
  },
  message: messageWords('en'),
  why: { failed: 'failed', unknown: 'unknown (may have arrived)', no_address: 'no address' },
  leftOut: {
    invited: 'invited already',
    finished: 'finished',
    late: 'past the deadline',
    frozen: 'frozen',
    opted_out: 'asked for no reminders',
    no_address: 'no address',
    unreadable: 'contact cannot be read',
  },
  letter: (day) => `letter ${day}`,
  reminders: (days) =>
    days.length === 0
      ? 'no day of a reminder is left within these days'
      : `reminders go out on ${days.map((day) => formatShortDay('en', day)).join(', ')} (${days.length} to come, the next on ${formatShortDay('en', days[0] ?? '')})`,
  progress: (sent, open, left) =>
    `${digits(sent)} sent, ${digits(open)} in the queue${left === null ? '' : `, ${digits(left)} people to come`}`,
  uninvited: (group, people) => `never invited: ${digits(people)} ${group}, and no wave is going to`,
  plan: {
    when: (group, purpose, days, hours) => `${purpose} to ${group}  ${days}  ${hours}`,
    pace: (perHour) => (perHour === null ? 'no limit but the channel’s' : `${digits(perHour)} an hour at most`),
    domain: (domain, perHour) => `  ${digits(perHour)} an hour to ${domain}`,
    night: '  it sends before 9:00 or after 20:00, when an SMS wakes people',
    warmUp: (steps) => `  an hour from the first day on: ${steps}`,
    messages: (people, mail, sms) => `${digits(people)} people: ${digits(mail)} mails, ${digits(sms)} SMS`,
    sms: (count, cost) =>
      `  SMS: ${digits(count)} segments (as charged)${cost === null ? '; set the price of one (smsSegmentYen) in the campaign to see the cost' : `, ${cost}`}`,
    rounds: (rounds, messages, segments, cost) =>
      `  these are one round; all ${rounds} to come at most ${digits(messages)} messages, ${digits(segments)} SMS segments${cost === null ? '' : `, ${cost}`} (whoever has received is left out)`,
    leftOut: (reason, people) => `  left out: ${reason}, ${digits(people)}`,
    endsAt: (moment) => `would be through at about ${moment}`,
    noEnd: 'would not be through within these days',
    roundEnds: (moment) => `the next round would be through at about ${moment}`,
    roundNoEnd: 'the next round would not be through on its day',
  },
};
