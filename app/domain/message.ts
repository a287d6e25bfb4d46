import { japanMidnight } from './japan-time';

/**
 * Messages to recipients: what they are for, how far one has come, and what may follow. Pure.
 */
export const MESSAGE_PURPOSES = [
  'resend',
  'address_changed_old',
  'address_changed_new',
  'code_ready',
  'code_failed',
  'reissued',
  'deadline_extended',
  'invitation',
  'reminder',
] as const;
export type MessagePurpose = (typeof MESSAGE_PURPOSES)[number];

export type MessageChannel = 'mail' | 'sms';
export type MessageLanguage = 'ja' | 'en';

/**
 * `sent`: our own gateway took it over. `accepted`: the receiver's side took it. `delivered`: it is on the phone or
 * in the mailbox. `soft_failed` is tried again, `hard_failed` is not. `unknown`: it may or may not have gone out, and
 * only what is found out may follow; it is never sent a second time. `complained`: it arrived, and was called unwanted.
 */
export type MessageState =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'accepted'
  | 'delivered'
  | 'soft_failed'
  | 'hard_failed'
  | 'unknown'
  | 'complained';

/** Why it is where it is: our own reasons first, then what channels say. */
export type MessageReason =
  | 'no_channel'
  | 'never_sent'
  | 'outdated'
  | 'gave_up'
  | 'worker_lost'
  | 'timeout'
  | 'connection_lost'
  | 'unlisted'
  | 'aborted'
  | 'looked_up'
  | 'unknown_address'
  | 'bad_address'
  | 'blocked'
  | 'mailbox_full'
  | 'busy'
  | 'unreachable'
  | 'sender_refused'
  | 'rejected';

/** The text that is sent for each purpose, with its version: raised whenever what it says changes. */
export const TEMPLATES: Readonly<Record<MessagePurpose, string>> = {
  resend: 'resend/3',
  address_changed_old: 'address_changed_old/2',
  address_changed_new: 'address_changed_new/3',
  code_ready: 'code_ready/3',
  code_failed: 'code_failed/2',
  reissued: 'reissued/3',
  deadline_extended: 'deadline_extended/3',
  invitation: 'invitation/3',
  reminder: 'reminder/3',
};

/** A text that the office wrote itself, with its version. */
export function ownTemplate(purpose: MessagePurpose, version: number): string {
  return `${purpose}/own-${version}`;
}

/** The old address is told that it was changed, and gets neither a link nor the new address. */
export function bearsLink(purpose: MessagePurpose): boolean {
  return purpose !== 'address_changed_old';
}

const HOUR_MS = 3_600_000;
/** Pauses before a message is tried again, by how often it was tried: greylisting wants some minutes, a full mailbox hours. */
const PAUSES_MS = [60_000, 300_000, 900_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000] as const;

/** When a message that failed for the moment is tried again; null: it was tried often enough. */
export function retryDelayMs(attempts: number, retryAfterMs = 0): number | null {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : Math.max(pause, Math.min(retryAfterMs, 6 * 3_600_000));
}

const MORNING_HOUR = 9;
const EVENING_HOUR = 20;

/** Whether it is a time at which nobody's phone shall ring for what they did not just ask for: before 9 and from 20 o'clock in Japan. */
export function isNight(now: Date): boolean {
  const hours = (now.getTime() - japanMidnight(now).getTime()) / HOUR_MS;
  return hours < MORNING_HOUR || hours >= EVENING_HOUR;
}

/** Whether hours of the day reach into that time. */
export function reachIntoNight({ firstHour, endHour }: { readonly firstHour: number; readonly endHour: number }): boolean {
  return firstHour < MORNING_HOUR || endHour > EVENING_HOUR;
}

/** States in which a channel that can tell is asked what became of the message. */
export function isAskable(state: MessageState): boolean {
  return state === 'unknown' || state === 'sent' || state === 'accepted';
}

/** Until a message is so old it is asked for, with growing pauses: a phone that is off may come back for three days. */
const LOOKS = [
  { until: HOUR_MS, pause: 300_000 },
  { until: 6 * HOUR_MS, pause: 1_800_000 },
  { until: 72 * HOUR_MS, pause: 3 * HOUR_MS },
] as const;

/** The pause before the next question about a message, by its age since it was sent; null: it is not asked for any more. */
export function lookPauseMs(ageMs: number): number | null {
  return LOOKS.find(({ until }) => ageMs < until)?.pause ?? null;
}
