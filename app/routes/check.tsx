import { CHECK_SID, checkPage } from '../auth/check';
import { readForm } from '../auth/form';
import { forEveryone, onOpenForm, refusalPage } from '../auth/visit';
import { readCheck } from '../domain/message-check';
import { checkMessage } from '../views/message-check';

/** Longer than anything that is asked here. */
const LENGTH_MOST = 300;

/** "Is this message real?": asks for its sender, its phrase, and where it arrived. */
export const loader = forEveryone((visit) => checkPage(visit, { typed: { sender: '', phrase: '', arrived: '' } }));

/** Answers at once; nothing is written of it, and nothing that was typed reaches an address or a log. */
export const action = onOpenForm(async (visit) => {
  const { portal, publicUrl, limits, clientIp } = visit.context;
  const form = await readForm(visit.request, portal.crypto, { sid: CHECK_SID, publicUrl });
  if ('kind' in form) return refusalPage(visit, form);
  const field = (name: string) => (form.one(name) ?? '').slice(0, LENGTH_MOST);
  const typed = { sender: field('sender'), phrase: field('phrase'), arrived: field('arrived') };
  const facts = readCheck(typed);
  if ('problems' in facts) return checkPage(visit, { typed, problems: facts.problems });
  const allowed = await limits.allowCheck({ ip: clientIp, arrived: facts.arrived.value });
  if (!allowed.ok) return checkPage(visit, { typed, retryAfterSeconds: allowed.retryAfterSeconds });
  return checkPage(visit, { typed, verdict: await checkMessage(portal, facts) });
});
