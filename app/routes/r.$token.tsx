import { sessionCookie, startSession } from '../auth/session';
import { forEveryone, goTo, readOnly, refusalPage } from '../auth/visit';
import { refuse } from '../domain/refusal';
import { findGrantByToken } from '../views/find-link';

/**
 * Opens a personal link: a sealed cookie, and on to the pages. Changes nothing, so that mail scanners may open it for
 * ever; that it was opened is counted apart from the answer. Unknown, malformed and revoked links look exactly alike and count as guesses.
 */
export const loader = forEveryone(async (visit) => {
  const { portal, limits, clientIp } = visit.context;
  const link = await findGrantByToken(portal, visit.params.token ?? '');
  if (link) {
    const session = startSession(portal.crypto, link, visit.now);
    const { headers } = visit.request;
    const prefetch = /prefetch|preview/.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '');
    visit.context.opens.opened({ grantId: link.grantId, sid: session.sid, userAgent: headers.get('user-agent'), prefetch });
    return goTo('/receive', { 'set-cookie': sessionCookie(portal.crypto, session) });
  }
  const guess = await limits.allowGuess(clientIp);
  return guess.ok ? refusalPage(visit, refuse('unknown_link')) : refusalPage(visit, refuse('too_many_requests'), guess.retryAfterSeconds);
});

export const action = readOnly;
