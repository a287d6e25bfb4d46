import { SHOP_ANSWERS } from '../domain/case';
import type { Portal } from '../portal';
import { type CaseStepped, type CaseWork, refuseStep, stepCase } from './parts/case-step';

/** Writes down what the shop said, with its words; the case goes back to whoever checks it. A later answer takes its place. */
export async function recordShopAnswer(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { answer, body, ...work }: CaseWork & { answer: string; body: string },
): Promise<CaseStepped> {
  const read = SHOP_ANSWERS.find((each) => each === answer);
  if (!read) return refuseStep('reason_missing', 'answer');
  if (body.trim() === '') return refuseStep('text_missing', 'body');
  return stepCase(portal, work, (_trx, row, now) => {
    if (row.state !== 'asking_shop' && row.state !== 'checking') return refuseStep('not_now');
    return {
      act: 'case.shop_answered',
      ...(row.state === 'asking_shop' && { to: 'checking' as const }),
      set: { shop_answer: read, shop_answered_at: now },
      note: 'shop',
      reason: read,
      body,
    };
  });
}
