import type { MessageChannel, MessageLanguage, MessagePurpose } from '../app/domain/message';
import type { TextTemplate } from '../app/domain/text-template';
import type { Db, Trx } from './database';

/** Which text: a programme's, for a purpose, by a channel, in a language. */
export interface TextKey {
  readonly campaignId: string;
  readonly purpose: MessagePurpose;
  readonly channel: MessageChannel;
  readonly language: MessageLanguage;
}

export interface TextVersion {
  readonly version: number;
  /** Null: the portal's own text. */
  readonly text: TextTemplate | null;
  readonly madeBy: string;
  readonly madeAt: Date;
}

/** The newest version of a text; null: it was never written, and the portal's own holds. */
export async function findText(db: Db | Trx, key: TextKey): Promise<TextVersion | null> {
  return (await listTextVersions(db, key, { limit: 1 }))[0] ?? null;
}

/** The versions of a text, the newest first. */
export async function listTextVersions(db: Db | Trx, key: TextKey, { limit }: { limit: number }): Promise<TextVersion[]> {
  const rows = await db
    .selectFrom('message_texts')
    .select(['version', 'subject', 'body', 'made_by', 'made_at'])
    .where('campaign_id', '=', key.campaignId)
    .where('purpose', '=', key.purpose)
    .where('channel', '=', key.channel)
    .where('language', '=', key.language)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ version, subject, body, made_by, made_at }) => ({
    version,
    text: body === null ? null : { subject, body },
    madeBy: made_by,
    madeAt: made_at,
  }));
}
