import { keepFunds, takeFundsQuestion } from '#db/provider-funds';
import type { Portal, Provider } from '../portal';

/** Amazon answers one such question a second and ignores faster ones (Amazon Incentives API, GetAvailableFunds). */
const ASK_AGAIN_MS = 1_000;

/**
 * Asks one provider what it holds for us and keeps the answer. The row of the last question is taken first: of many
 * processes at once one asks. @returns null when it cannot tell, or was asked just now
 */
export async function askFunds(portal: Portal, provider: Provider): Promise<'answered' | 'unanswered' | null> {
  const { funds } = provider.connection;
  if (!funds) return null;
  const now = portal.clock.now();
  const before = new Date(now.getTime() - ASK_AGAIN_MS);
  if (!(await takeFundsQuestion(portal.db, { provider: provider.id, now, before }))) return null;
  const answer = await funds({ now });
  const kept =
    answer.kind === 'funds' ? { yen: BigInt(Math.round(answer.yen)), at: now, cause: null } : { cause: answer.detail ?? answer.cause };
  await keepFunds(portal.db, provider.id, kept);
  return answer.kind === 'funds' ? 'answered' : 'unanswered';
}
