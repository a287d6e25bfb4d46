import type { MessageState } from '../domain/message';
import type { LeftOut, SendingGroup, WavePurpose, WaveState, WaveWait } from '../domain/wave';

/** The words of `uketori send`. */
export interface SendTexts {
  readonly bad: (option: string, text: string) => string;
  readonly noDays: string;
  readonly none: string;
  readonly nobody: string;
  readonly more: (shown: number) => string;
  readonly kept: (wave: number) => string;
  readonly wave: (number: number) => string;
  readonly now: (wave: number, state: string) => string;
  readonly refused: Readonly<Record<'wave_unknown' | 'wrong_state' | 'over', string>>;
  readonly group: Readonly<Record<SendingGroup, string>>;
  readonly purpose: Readonly<Record<WavePurpose, string>>;
  readonly state: Readonly<Record<WaveState, string>>;
  readonly waits: Readonly<Record<WaveWait, string>>;
  readonly message: Readonly<Record<MessageState, string>>;
  readonly why: Readonly<Record<'failed' | 'unknown' | 'no_address', string>>;
  readonly leftOut: Readonly<Record<LeftOut | 'no_address' | 'unreadable', string>>;
  readonly progress: (sent: number, open: number, left: number | null) => string;
  readonly plan: {
    readonly when: (group: string, purpose: string, days: string, hours: string) => string;
    readonly pace: (perHour: number | null) => string;
    readonly domain: (domain: string, perHour: number) => string;
    readonly warmUp: (steps: string) => string;
    readonly messages: (people: number, mail: number, sms: number) => string;
    readonly sms: (segments: number, cost: string | null) => string;
    readonly leftOut: (reason: string, people: number) => string;
    readonly endsAt: (moment: string) => string;
    readonly noEnd: string;
  };
}

/** Japanese. */
export const sendJa: SendTexts = {
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
  },
  group: { app: 'アプリ利用者', claim: '申請者' },
  purpose: { invitation: '受取のご案内', reminder: '期限前のお知らせ' },
  state: { planned: '計画', running: '送信中', paused: '一時停止', stopped: '中止', done: '完了' },
  waits: { hours: '時間帯の外', pace: '1時間あたりの上限', backlog: '順番待ちが多い', issuing: '発行が混んでいるため見合わせ' },
  message: {
    queued: '順番待ち',
    sending: '送信中',
    sent: '送信済み',
    accepted: '受付済み',
    delivered: '到達',
    soft_failed: '再送待ち',
    hard_failed: '不達',
    complained: '迷惑メールの申告',
    unknown: '不明（届いたかもしれない）',
  },
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
  progress: (sent, open, left) => `送信${sent}通、順番待ち${open}通${left === null ? '' : `、これから${left}人`}`,
  plan: {
    when: (group, purpose, days, hours) => `${group}へ${purpose}  ${days}  ${hours}`,
    pace: (perHour) => (perHour === null ? '上限なし（送信経路の速さまで）' : `1時間に${perHour}通まで`),
    domain: (domain, perHour) => `  ${domain} へは1時間に${perHour}通まで`,
    warmUp: (steps) => `  初日からの1時間あたりの上限: ${steps}`,
    messages: (people, mail, sms) => `対象${people}人: メール${mail}通、SMS${sms}通`,
    sms: (count, cost) =>
      `  SMSは${count}セグメント${cost === null ? '（単価 smsSegmentYen が事業の設定にありません）' : `、費用 ${cost}`}`,
    leftOut: (reason, people) => `  送らない: ${reason} ${people}人`,
    endsAt: (moment) => `この条件なら ${moment} ごろに送り終わります`,
    noEnd: 'この条件では期間内に送り終わりません',
  },
};

/** English. */
export const sendEn: SendTexts = {
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
  },
  group: { app: 'users of the app', claim: 'applicants' },
  purpose: { invitation: 'invitation', reminder: 'reminder' },
  state: { planned: 'planned', running: 'running', paused: 'paused', stopped: 'stopped', done: 'done' },
  waits: {
    hours: 'outside its hours',
    pace: 'limit of the hour',
    backlog: 'the queue is long',
    issuing: 'held back while codes would be late',
  },
  message: {
    queued: 'queued',
    sending: 'sending',
    sent: 'sent',
    accepted: 'accepted',
    delivered: 'delivered',
    soft_failed: 'to be tried again',
    hard_failed: 'failed',
    complained: 'called spam',
    unknown: 'unknown (may have arrived)',
  },
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
  progress: (sent, open, left) => `${sent} sent, ${open} in the queue${left === null ? '' : `, ${left} people to come`}`,
  plan: {
    when: (group, purpose, days, hours) => `${purpose} to ${group}  ${days}  ${hours}`,
    pace: (perHour) => (perHour === null ? 'no limit but the channel’s' : `${perHour} an hour at most`),
    domain: (domain, perHour) => `  ${perHour} an hour to ${domain}`,
    warmUp: (steps) => `  an hour from the first day on: ${steps}`,
    messages: (people, mail, sms) => `${people} people: ${mail} mails, ${sms} SMS`,
    sms: (count, cost) => `  SMS: ${count} segments${cost === null ? ' (smsSegmentYen is missing in the campaign)' : `, ${cost}`}`,
    leftOut: (reason, people) => `  left out: ${reason}, ${people}`,
    endsAt: (moment) => `would be through at about ${moment}`,
    noEnd: 'would not be through within these days',
  },
};
