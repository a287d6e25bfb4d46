import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

export interface ApprovalStateFacts {
  readonly state: 'proposed' | 'approved' | 'refused' | 'withdrawn' | 'expired' | 'void' | 'done' | 'failed';
  readonly overdue: boolean;
  readonly pausedAt: Date | null;
}

/** Where a proposal stands, as a chip. */
export function ApprovalState({ t, approval }: { t: ConsoleTexts; approval: ApprovalStateFacts }) {
  const name = approval.overdue ? 'overdue' : approval.state === 'approved' && approval.pausedAt ? 'paused' : approval.state;
  const tone =
    name === 'done' ? 'chip done' : name === 'failed' || name === 'void' ? 'chip fail' : name === 'proposed' ? 'chip time' : 'chip';
  return <span className={tone}>{t(`approvals.is.${name}`)}</span>;
}

const ACTS = [
  'reissue',
  'give_back',
  'settle_doubt',
  'extend',
  'change_address',
  'bulk_reissue',
  'bulk_give_back',
  'approve_claims',
  'export',
  'put_back',
  'extend_coupon',
  'extend_coupons',
  'decide_case',
  'change_campaign',
] as const;

/** An act of a proposal in words. */
export function actName(t: ConsoleTexts, act: string): string {
  const known = ACTS.find((name) => name === act);
  return t(`approvals.act.${known ?? 'other'}` as ConsoleTextKey);
}
