import { forEveryone, readOnly, refusalPage } from '../auth/visit';
import { refuse } from '../domain/refusal';

/** Good for half a year from the day on which it is read; RFC 9116, section 2.5.5, asks for less than a year. */
const DAYS_GOOD = 180;
const DAY_MS = 86_400_000;

/** security.txt (RFC 9116): where finders of a hole turn to. */
export const loader = forEveryone((visit) => {
  const { securityContact, publicUrl } = visit.context;
  if (!securityContact) return refusalPage(visit, refuse('not_found'));
  const expires = new Date((Math.floor(visit.now.getTime() / DAY_MS) + DAYS_GOOD) * DAY_MS);
  const lines = [
    `Contact: ${securityContact}`,
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: ja, en',
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    `# Our senders of mail and SMS: ${publicUrl}/.well-known/official-senders.json`,
  ];
  return new Response(`${lines.join('\n')}\n`, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
});

export const action = readOnly;
