import { readForm } from '../auth/form';
import { RECOVER_SID, recoverPage } from '../auth/recover';
import { forEveryone, goTo, onOpenForm, refusalPage } from '../auth/visit';
import { readRecovery } from '../domain/recovery';
import { FACT_LENGTH_MOST } from '../domain/search';
import { requestRecovery } from '../services/request-recovery';

/** Asks by what somebody can be found whose link did not arrive or was lost. */
export const loader = forEveryone((visit) => recoverPage(visit, { fact: '', second: '' }, null));

/** Files the wish. Nothing is looked up here: the answer is the same, as fast, for everyone. */
export const action = onOpenForm(async (visit) => {
  const { portal, publicUrl, limits, clientIp } = visit.context;
  const form = await readForm(visit.request, portal.crypto, { sid: RECOVER_SID, publicUrl });
  if ('kind' in form) return refusalPage(visit, form);
  const typed = {
    fact: (form.one('fact') ?? '').slice(0, FACT_LENGTH_MOST),
    second: (form.one('second') ?? '').slice(0, FACT_LENGTH_MOST),
  };
  const facts = readRecovery(typed);
  if ('problem' in facts) return recoverPage(visit, typed, facts);
  const allowed = await limits.allowRecovery(clientIp);
  if (!allowed.ok) return recoverPage(visit, typed, { field: 'fact', problem: 'busy' }, allowed.retryAfterSeconds);
  await requestRecovery(portal, { typed, language: visit.t.language });
  return goTo('/recover/sent');
});
