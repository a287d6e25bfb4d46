import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { findText, type TextKey } from '#db/message-texts';
import { inTransaction, sqlState } from '#db/transaction';
import { type TextProblem, type TextTemplate, tidyText } from '../domain/text-template';
import type { Portal } from '../portal';
import { actorOf } from './parts/acts/act';
import { problemsOf } from './parts/text-check';

export type SavedText =
  | { readonly kind: 'saved'; readonly version: number }
  | { readonly kind: 'wrong'; readonly problems: readonly TextProblem[] }
  /** Nothing is different from what holds. */
  | { readonly kind: 'same' }
  /** Somebody else saved another version meanwhile. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'not_found' };

/** A text as it was typed, put right: line ends and trailing spaces. An SMS has no subject. */
export function readText(typed: { readonly subject: string; readonly body: string }, channel: TextKey['channel']): TextTemplate {
  return { subject: channel === 'mail' ? typed.subject.trim().normalize('NFC') : null, body: tidyText(typed.body) };
}

/**
 * Saves the office's own text as the next version; what is sent from then on is written by it, also what waits in the
 * queue. `text` null: the portal's own text holds again. `base` is the version that was read before; 0: none.
 */
export async function saveText(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  request: {
    readonly staffId: string;
    readonly key: TextKey;
    readonly base: number;
    readonly text: TextTemplate | null;
    readonly publicUrl: string;
  },
): Promise<SavedText> {
  const { key, base, text, staffId, publicUrl } = request;
  try {
    return await inTransaction(portal.db, async (trx): Promise<SavedText> => {
      const campaign = await findCampaign(trx, key.campaignId);
      if (!campaign) return { kind: 'not_found' };
      if (text) {
        const problems = problemsOf(text, { key, campaign, publicUrl });
        if (problems.length > 0) return { kind: 'wrong', problems };
      }
      const last = await findText(trx, key);
      if ((last?.version ?? 0) !== base) return { kind: 'overtaken' };
      if (same(last?.text ?? null, text)) return { kind: 'same' };
      const now = portal.clock.now();
      const version = base + 1;
      await trx
        .insertInto('message_texts')
        .values({
          campaign_id: key.campaignId,
          purpose: key.purpose,
          channel: key.channel,
          language: key.language,
          version,
          subject: text?.subject ?? null,
          body: text?.body ?? null,
          made_by: actorOf(staffId),
          made_at: now,
        })
        .execute();
      await appendAudit(trx, {
        id: portal.crypto.newId(now),
        campaignId: key.campaignId,
        at: now,
        actor: actorOf(staffId),
        act: 'text.saved',
        subjectKind: 'text',
        subjectId: `${key.purpose}.${key.channel}.${key.language}`,
        detail: { version, own: text !== null },
      });
      return { kind: 'saved', version };
    });
  } catch (error) {
    // The key of the version, or the guard that versions follow each other.
    if (['23505', 'UK004'].includes(sqlState(error) ?? '')) return { kind: 'overtaken' };
    throw error;
  }
}

function same(a: TextTemplate | null, b: TextTemplate | null): boolean {
  return a === b || (a !== null && b !== null && a.subject === b.subject && a.body === b.body);
}
