import type { CaseAsk, CaseRefusal, CaseState, ShopAnswer } from '../../domain/case';
import { CASE_ASKS, CASE_REFUSALS, SHOP_ANSWERS } from '../../domain/case';
import type { CaseProposal } from '../../domain/case-decision';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';

export const CASE_TONES: Readonly<Partial<Record<CaseState, string>>> = {
  received: 'time',
  more_needed: 'time',
  refused: 'fail',
  approved: 'done',
};

/** A stored reason of a case in a word or two. */
export function caseReasonText(t: ConsoleTexts, state: CaseState, reason: string | null): string | null {
  const asked = CASE_ASKS.find((each) => each === reason);
  const refused = CASE_REFUSALS.find((each) => each === reason);
  if (state === 'more_needed' && asked) return t(`case.askName.${asked}`);
  if ((state === 'refused' || state === 'done') && refused) return t(`case.refusalName.${refused}`);
  return null;
}

/** The shop's answer in a word. */
export function shopAnswerText(t: ConsoleTexts, answer: string | null): string {
  const read: ShopAnswer | undefined = SHOP_ANSWERS.find((each) => each === answer);
  return read ? t(`case.shop.${read}`) : t('case.shop.none');
}

/** The sentence for whoever calls and asks how their case stands. */
export function caseSentence(
  t: ConsoleTexts,
  of: { state: CaseState; reason: string | null; outcome: 'put_back' | 'granted' | null; yen: Yen; until: string },
): string {
  const { state, reason, outcome } = of;
  if (state === 'more_needed') return t(`case.ask.${CASE_ASKS.find((each) => each === reason) ?? ('other' satisfies CaseAsk)}`);
  if (state === 'refused') return t(`case.refusal.${CASE_REFUSALS.find((each) => each === reason) ?? ('other' satisfies CaseRefusal)}`);
  if (state === 'approved') return t(`case.say.approved.${outcome ?? 'put_back'}`, { yen: t.yen(of.yen), until: of.until });
  return t(`case.say.${state}`);
}

/** What the rule proposes, in words; what was asked already is waited for. */
export function proposalText(t: ConsoleTexts, proposal: CaseProposal, state: CaseState): string {
  switch (proposal.kind) {
    case 'approve':
      return t(`case.rule.approve.${proposal.outcome}`, { yen: t.yen(proposal.yen) });
    case 'ask_shop':
      return t(state === 'asking_shop' ? 'case.rule.await_shop' : 'case.rule.ask_shop');
    case 'ask_more':
      return t(state === 'more_needed' ? 'case.rule.await_more' : 'case.rule.ask_more', { what: t(`case.askName.${proposal.what}`) });
    case 'refuse':
      return t('case.rule.refuse', { why: t(`case.refusalName.${proposal.reason}`) });
  }
}
