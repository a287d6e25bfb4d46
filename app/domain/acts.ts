import type { Permission } from './access';
import { isBeforeDeadline } from './deadline';
import type { CodeSituation, RedemptionState } from './redemption';
import { sumYen, type Yen } from './yen';

/**
 * What staff may do about a person, and the rule why it is or is not allowed now. Pure; the person's page, the act's
 * form and the service that carries it out all ask here.
 */
export const PERSON_ACTS = [
  'reissue',
  'give_back',
  'ask_again',
  'settle_doubt',
  'resend',
  'change_address',
  'freeze',
  'release',
  'extend',
] as const;
export type PersonAct = (typeof PERSON_ACTS)[number];

export interface ActRule {
  readonly permission: Permission;
  /** Carried out only on an approval: by a second person, or within the campaign's policy. */
  readonly approved: boolean;
  /** What it is done to. */
  readonly subject: 'grant' | 'redemption';
  /** Why it is done; one is chosen. */
  readonly reasons: readonly string[];
}

export const ACT_RULES: Readonly<Record<PersonAct, ActRule>> = {
  reissue: {
    permission: 'reissue',
    approved: true,
    subject: 'redemption',
    reasons: ['not_issued', 'code_rejected', 'code_used', 'code_expired', 'wrong_provider', 'other'],
  },
  give_back: { permission: 'give_back', approved: true, subject: 'redemption', reasons: ['recipient_asked', 'provider_down', 'other'] },
  ask_again: { permission: 'ask_again', approved: false, subject: 'redemption', reasons: ['recipient_asked', 'routine', 'other'] },
  settle_doubt: {
    permission: 'settle_doubt',
    approved: true,
    subject: 'redemption',
    reasons: ['provider_never_issued', 'provider_voided', 'statement_shows_none', 'other'],
  },
  resend: { permission: 'resend', approved: false, subject: 'grant', reasons: ['not_arrived', 'lost', 'other'] },
  change_address: {
    permission: 'change_address',
    approved: true,
    subject: 'grant',
    reasons: ['number_changed', 'wrong_address', 'undeliverable', 'other'],
  },
  freeze: {
    permission: 'freeze',
    approved: false,
    subject: 'grant',
    reasons: ['suspected_fraud', 'lost_phone', 'recipient_asked', 'under_review', 'other'],
  },
  release: { permission: 'release', approved: false, subject: 'grant', reasons: ['cleared', 'mistake', 'other'] },
  extend: { permission: 'extend', approved: true, subject: 'grant', reasons: ['our_fault', 'illness', 'undelivered', 'other'] },
};

/** Why an act is not possible now, or was not taken. Each has a sentence in the catalogue (`act.no.*`). */
export const ACT_REFUSALS = [
  'not_found',
  'not_failed',
  'not_in_doubt',
  'nothing_issued',
  'frozen',
  'not_frozen',
  'closed',
  'closed_returns',
  'nothing_left',
  'already_proposed',
  'still_asking',
  'a_person_only',
  'cannot_cancel',
  'cancel_failed',
  'provider_unknown',
  'provider_cannot',
  'consent_missing',
  'evidence_missing',
  'identity_wrong',
  'address_invalid',
  'address_same',
  'address_missing',
  'sms_impossible',
  'too_many_today',
  'just_sent',
  'deadline_not_later',
  'deadline_too_late',
  'until_invalid',
  'reason_missing',
  'note_too_long',
  'own_proposal',
  'not_yours',
  'ended',
  'changed_meanwhile',
  // Of the register of coupons.
  'no_terms',
  'coupon_unknown',
  'payment_unknown',
  'payments_missing',
  'evidence_too_long',
  'already_extended',
  'cut_off',
  'register_busy',
  // Of a programme's settings.
  'nothing_changes',
  // Of cases.
  'case_not_ready',
] as const;
export type ActRefusalReason = (typeof ACT_REFUSALS)[number];

export interface ActRefusal {
  readonly kind: 'refused';
  readonly reason: ActRefusalReason;
  /** The field of the form it is about. */
  readonly field?: string;
}

/** Makes a refusal of an act. */
export function refuseAct(reason: ActRefusalReason, field?: string): ActRefusal {
  return field === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, field };
}

/** A note is so many characters at most. */
export const NOTE_LONGEST = 500;

/** Why an act cannot be done in these words; null when it can. */
export function checkWords(
  reasons: readonly string[],
  { reason, note }: { readonly reason: string; readonly note: string },
): ActRefusal | null {
  if (!reasons.includes(reason)) return refuseAct('reason_missing', 'reason');
  return note.length > NOTE_LONGEST ? refuseAct('note_too_long', 'note') : null;
}

export interface CodeFacts {
  readonly id: string;
  readonly yen: Yen;
  readonly situation: CodeSituation;
  /** The last attempt, whatever came of it. */
  readonly attempt: {
    readonly id: string;
    readonly calls: number;
    readonly cause: string | null;
    readonly reason: string | null;
    readonly createdAt: Date;
    readonly leasedUntil: Date | null;
    readonly handedOver: boolean;
    readonly last4: string | null;
    readonly settledAt: Date | null;
  } | null;
}

export interface RedemptionFacts {
  readonly id: string;
  readonly provider: string;
  readonly source: 'api' | 'stock';
  readonly yen: Yen;
  readonly state: RedemptionState;
  readonly acceptedAt: Date;
  readonly codes: readonly CodeFacts[];
}

export interface PersonFacts {
  readonly grantId: string;
  readonly campaignId: string;
  readonly deadlineAt: Date;
  /** The programme's own deadline; one person's may be later. */
  readonly programmeDeadlineAt: Date;
  readonly frozenAt: Date | null;
  readonly frozenUntil: Date | null;
  readonly frozen: boolean;
  readonly residualYen: Yen;
  readonly lapsedYen: Yen;
  /** Cancelled ones are left out; newest first. */
  readonly redemptions: readonly RedemptionFacts[];
}

/** Codes of a redemption that surely were not issued. */
export function failedCodes(redemption: RedemptionFacts): readonly CodeFacts[] {
  return redemption.codes.filter((code) => code.situation === 'failed');
}

/** Codes of a redemption that nobody knows about. */
export function doubtfulCodes(redemption: RedemptionFacts): readonly CodeFacts[] {
  return redemption.codes.filter((code) => code.situation === 'in_doubt');
}

/** Codes of a redemption that the recipient has. */
export function issuedCodes(redemption: RedemptionFacts): readonly CodeFacts[] {
  return redemption.codes.filter((code) => code.situation === 'issued');
}

/**
 * The rule why an act on a person is not possible now; null when it is. For acts on a redemption, of that redemption.
 * What depends on the form (a reason, an address) is checked by the act itself.
 */
export function whyNot(act: PersonAct, person: PersonFacts, redemption: RedemptionFacts | null, now: Date): ActRefusalReason | null {
  if (ACT_RULES[act].subject === 'redemption' && redemption === null) return nothingToDo(act);
  switch (act) {
    case 'reissue':
      if (person.frozen) return 'frozen';
      return redemption && (failedCodes(redemption).length > 0 || (redemption.state === 'issued' && issuedCodes(redemption).length > 0))
        ? null
        : 'not_failed';
    case 'give_back':
      if (redemption?.state !== 'failed') return 'not_failed';
      // After the deadline nothing can be chosen any more: the yen would lapse.
      return isBeforeDeadline(now, person.deadlineAt) ? null : 'closed_returns';
    case 'ask_again':
    case 'settle_doubt': {
      const doubts = redemption ? doubtfulCodes(redemption) : [];
      if (doubts.length === 0) return 'not_in_doubt';
      return doubts.some(({ attempt }) => attempt?.leasedUntil && attempt.leasedUntil > now) ? 'still_asking' : null;
    }
    case 'resend':
      return person.frozen ? 'frozen' : null;
    case 'change_address':
      return null;
    case 'freeze':
      return person.frozen ? 'frozen' : null;
    case 'release':
      return person.frozen ? null : 'not_frozen';
    case 'extend':
      return person.residualYen + person.lapsedYen > 0n || person.redemptions.some(({ state }) => state === 'failed')
        ? null
        : 'nothing_left';
  }
}

function nothingToDo(act: PersonAct): ActRefusalReason {
  return act === 'ask_again' || act === 'settle_doubt' ? 'not_in_doubt' : 'not_failed';
}

/** The redemption an act would most likely be about: the first for which it is possible. */
export function subjectOf(act: PersonAct, person: PersonFacts, now: Date): RedemptionFacts | null {
  return person.redemptions.find((redemption) => whyNot(act, person, redemption, now) === null) ?? null;
}

const PROPOSAL_MS = 24 * 3_600_000;

/** Until when a proposal can be decided: a day. */
export function proposalEnds(proposedAt: Date): Date {
  return new Date(proposedAt.getTime() + PROPOSAL_MS);
}

/** The yen an act would be about: what its form says, its proof is bound to and its plan holds. */
export function yenOf(act: PersonAct, person: PersonFacts, redemption: RedemptionFacts | null, codeId?: string): Yen {
  switch (act) {
    case 'reissue': {
      if (!redemption) return 0n;
      const failed = failedCodes(redemption);
      return failed.length > 0 ? sumYen(failed.map((code) => code.yen)) : (issuedCode(redemption, codeId)?.yen ?? 0n);
    }
    case 'give_back':
      return sumYen((redemption ? failedCodes(redemption) : []).map((code) => code.yen));
    case 'settle_doubt':
    case 'ask_again':
      return sumYen((redemption ? doubtfulCodes(redemption) : []).map((code) => code.yen));
    case 'extend':
      return person.residualYen + person.lapsedYen;
    case 'change_address':
      // Whoever holds the new link can take what is left and read what was issued: all of it counts.
      return person.residualYen + sumYen(person.redemptions.map(({ yen }) => yen));
    default:
      return 0n;
  }
}

/** The issued code that is to be replaced: the one that is named, or the first. */
export function issuedCode(redemption: RedemptionFacts, codeId?: string): CodeFacts | undefined {
  const codes = issuedCodes(redemption);
  return codeId ? codes.find(({ id }) => id === codeId) : codes[0];
}

/** A plan as it is stored and compared: plain facts, in one order of keys. */
export interface ActPlan {
  /** What was asked for, without anything that must be sealed. */
  readonly input: Readonly<Record<string, string>>;
  /** The yen it is about; 0 for acts without. */
  readonly yen: number;
  readonly before: Facts;
  readonly after: Facts;
}
export type Facts = Readonly<Record<string, string | number | null>>;

/** The one text of a plan: the same facts give the same text. */
export function planText(plan: ActPlan): string {
  return JSON.stringify(sorted(plan));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
