import type { Portal } from '../portal';

/** A message as the phone or the mail program would show it. */
export interface OutboxMessage {
  readonly id: string;
  readonly at: Date;
  readonly kind: 'mail' | 'sms';
  readonly to: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly language: 'ja' | 'en';
  readonly purpose: string;
  readonly subject: string | null;
  readonly text: string;
}

/** What the demo's channel kept, newest first. It holds links: only a rehearsal's page may show it. */
export async function listOutbox(portal: Pick<Portal, 'db' | 'crypto'>, { limit }: { limit: number }): Promise<OutboxMessage[]> {
  const rows = await portal.db
    .selectFrom('outbox')
    .select(['message_id', 'content_sealed', 'content_key_id', 'at'])
    .orderBy('at', 'desc')
    .orderBy('message_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...(JSON.parse(portal.crypto.open('outbox.content', row.message_id, row.content_sealed, row.content_key_id)) as Omit<
      OutboxMessage,
      'at'
    >),
    at: row.at,
  }));
}
