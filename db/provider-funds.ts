import { sql } from 'kysely';
import type { Db } from './database';

/** Takes the right to ask a provider for its funds: of many processes at once one gets it, and nobody before the pause is over. */
export async function takeFundsQuestion(
  db: Db,
  { provider, now, before }: { provider: string; now: Date; before: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into provider_funds as f (provider, asked_at) values (${provider}, ${now})
      on conflict (provider) do update set asked_at = ${now}
      where f.asked_at is null or f.asked_at <= ${before} returning provider
  `.execute(db);
  return rows.length > 0;
}

/** Keeps the answer; without one what was known before stays, with the cause. */
export async function keepFunds(
  db: Db,
  provider: string,
  answer: { readonly yen?: bigint; readonly at?: Date; readonly cause: string | null },
): Promise<void> {
  await db.updateTable('provider_funds').set(answer).where('provider', '=', provider).execute();
}
