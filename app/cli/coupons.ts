import { japanTime } from '../domain/japan-time';
import { extendCoupons } from '../services/extend-coupons';
import { putBack } from '../services/put-back';
import { type CouponCandidate, listCandidates } from '../views/coupon-candidates';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `coupons candidates --campaign ID`: payments of the failure that probably took too much, for a person to look at. */
export async function couponsCandidates(context: CliContext, terminal: Terminal, { campaign }: { campaign: string }): Promise<ExitCode> {
  const { texts, signal } = terminal;
  const candidates: CouponCandidate[] = [];
  for (let after: string | null = ''; after !== null; ) {
    signal.throwIfAborted();
    const page = await listCandidates(context.db, { campaignId: campaign, after });
    if (!page) return terminal.refuse({ kind: 'refused', reason: 'no_terms' }, [texts.coupons.refused.no_terms]);
    candidates.push(...page.candidates);
    after = page.next;
  }
  const of = (kind: CouponCandidate['kind']) => candidates.filter((each) => each.kind === kind);
  const yenOf = (list: readonly CouponCandidate[]) => texts.yen(list.reduce((sum, each) => sum + each.excessYen, 0n));
  const lines = candidates.map(
    (each) =>
      `${each.inquiryNumber}  ${texts.coupons.kinds[each.kind]}  ${texts.yen(each.excessYen)}  ${each.evidence
        .map(({ number, paidAt, yen }) => `${number} ${japanTime(paidAt)} ${texts.yen(yen)}`)
        .join(' / ')}${each.settled ? `  ${texts.coupons.settled}` : ''}`,
  );
  terminal.answer({ kind: 'candidates', candidates }, [
    ...lines,
    texts.coupons.candidates(of('unanswered').length, yenOf(of('unanswered')), of('repeated').length, yenOf(of('repeated'))),
  ]);
  return EXIT.ok;
}

export interface CouponActArgs {
  readonly campaign: string;
  readonly coupon?: string;
  readonly payment?: readonly string[];
  readonly reason: string;
  readonly evidence: string;
}

/** `coupons extend --campaign ID [--coupon NUMBER] --reason R --evidence TEXT` */
export async function couponsExtend(context: CliContext, terminal: Terminal, args: CouponActArgs): Promise<ExitCode> {
  const { texts } = terminal;
  const { campaign, coupon, reason, evidence } = args;
  const result = await extendCoupons(context, { campaignId: campaign, inquiryNumber: coupon, reason, evidence, actor: context.actor });
  if (result.kind === 'refused') return terminal.refuse(result, [texts.coupons.refused[result.reason]]);
  terminal.answer(result, [
    texts.coupons.extended(result.coupons, texts.yen(result.yen), japanTime(new Date(result.until.getTime() - 1_000))),
  ]);
  return EXIT.ok;
}

/** `coupons put-back NUMBER --campaign ID --payment NUMBER… --reason R --evidence TEXT` */
export async function couponsPutBack(context: CliContext, terminal: Terminal, args: CouponActArgs): Promise<ExitCode> {
  const { texts } = terminal;
  const { campaign, coupon = '', payment = [], reason, evidence } = args;
  const input = { campaignId: campaign, inquiryNumber: coupon, payments: payment, reason, evidence, actor: context.actor };
  const result = await putBack(context, input);
  if (result.kind === 'refused') {
    return terminal.refuse(result, [`${texts.coupons.refused[result.reason]}${result.payments ? `: ${result.payments.join(' ')}` : ''}`]);
  }
  terminal.answer(result, [texts.coupons.putBack(texts.yen(result.yen), texts.yen(result.remainingYen))]);
  return EXIT.ok;
}
