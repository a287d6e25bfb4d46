import { CheckPage } from '../components/check-page';
import type { CheckProblem, CheckVerdict, TypedCheck } from '../domain/message-check';
import claimCss from '../styles/claim.css?inline';
import { listSenders } from '../views/message-check';
import { formToken } from './form';
import { show, type Visit } from './visit';

/** The form is everybody's: it does only what anybody may do, and outlives every session. */
export const CHECK_SID = 'check';

export interface CheckAnswer {
  readonly typed: TypedCheck;
  readonly problems?: readonly CheckProblem[];
  readonly verdict?: CheckVerdict;
  readonly retryAfterSeconds?: number;
}

/** Answers with the verdict, or what is wrong, above the form as it was typed, and with the published senders. */
export async function checkPage(visit: Visit, { typed, problems = [], verdict, retryAfterSeconds }: CheckAnswer): Promise<Response> {
  const { t, context } = visit;
  const busy = retryAfterSeconds !== undefined;
  const headers: Record<string, string> = busy ? { 'retry-after': String(retryAfterSeconds) } : {};
  const page = (
    <CheckPage
      t={t}
      token={formToken(context.portal.crypto, CHECK_SID)}
      host={`${context.publicUrl}/`}
      typed={typed}
      problems={problems}
      verdict={verdict ?? null}
      busy={busy}
      senders={await listSenders(context.portal)}
    />
  );
  const title = verdict ? t(`check.${verdict}.title`) : t('check.title');
  return show(visit, title, page, { status: busy ? 429 : problems.length > 0 ? 422 : 200, headers, css: claimCss });
}
