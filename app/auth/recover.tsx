import { RecoverPage, type RecoverWrong } from '../components/recover-page';
import type { TypedRecovery } from '../domain/recovery';
import claimCss from '../styles/claim.css?inline';
import { listOffices } from '../views/list-offices';
import { formToken } from './form';
import { show, type Visit } from './visit';

/** The form is everybody's: it does only what anybody may do, and outlives every session. */
export const RECOVER_SID = 'recover';

/** Answers with the form, as it was typed, and what is wrong with it. */
export async function recoverPage(
  visit: Visit,
  typed: TypedRecovery,
  wrong: RecoverWrong | null,
  retryAfterSeconds?: number,
): Promise<Response> {
  const { t, context } = visit;
  const token = formToken(context.portal.crypto, RECOVER_SID);
  const offices = await listOffices(context.portal);
  const headers: Record<string, string> = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const status = wrong === null ? 200 : wrong.problem === 'busy' ? 429 : 422;
  const page = <RecoverPage t={t} token={token} typed={typed} wrong={wrong} offices={offices} />;
  return show(visit, t('recover.title'), page, { status, headers, css: claimCss });
}
