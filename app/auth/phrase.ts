import { phraseOf, writePhrase } from '../domain/phrase';
import type { RecipientVisit } from './visit';

/** The phrase of this recipient's link, as it stands in our messages. */
export function phraseOfVisit({ context, page: { grant }, t }: RecipientVisit): string {
  return writePhrase(phraseOf(context.portal.crypto.linkDraw(grant.id, grant.linkGeneration, grant.linkKeyId)), t.language);
}
