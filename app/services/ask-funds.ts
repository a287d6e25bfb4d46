import { sql } from 'kysely';
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
  const taken = await sql<{ provider: string }>`
    insert into provider_funds as f (provider, asked_at) values (${provider.id}, ${now})
      on conflict (provider) do update set asked_at = ${now}
      where f.asked_at is null or f.asked_at <= ${new Date(now.getTime() - ASK_AGAIN_MS)} returning provider
  `.execute(portal.db);
  if (taken.rows.length === 0) return null;
  const answer = await funds({ now });
  const kept =
    answer.kind === 'funds' ? { yen: BigInt(Math.round(answer.yen)), at: now, cause: null } : { cause: answer.detail ?? answer.cause };
  await portal.db.updateTable('provider_funds').set(kept).where('provider', '=', provider.id).execute();
  return answer.kind === 'funds' ? 'answered' : 'unanswered';
}
