import { setTimeout as wait } from 'node:timers/promises';
import { waitText } from '../auth/refusal-notice';
import { faceOf, forRecipient, onForm, type RecipientVisit, refusalPage, show, showNotice } from '../auth/visit';
import { type CodeFacts, CodePage, type ShownCode } from '../components/code-page';
import { refuse } from '../domain/refusal';
import { revealCode } from '../services/reveal-code';
import type { CodeView, RedemptionView } from '../views/recipient-page';

/** All about a code but the code itself, which only a press on the button shows. */
export const loader = forRecipient((visit) => {
  const own = findCode(visit);
  return own ? codePage(visit, own, null) : refusalPage(visit, refuse('not_found'));
});

/** Shows the code, and writes down that it was shown. */
export const action = onForm(async (visit) => {
  const own = findCode(visit);
  if (!own) return refusalPage(visit, refuse('not_found'));
  const { grantId } = visit.session;
  const result = await revealCode(visit.context.portal, { grantId, codeId: own.code.id, wait: (ms) => wait(ms) });
  if (result.kind === 'refused') return refusalPage(visit, result);
  if (result.kind === 'shown') return codePage(visit, own, result);
  const { t } = visit;
  const label = t.own(own.redemption.label);
  const notice = {
    title: t('unavailable.title'),
    what: t('unavailable.what', { label }),
    safe: t('unavailable.safe', { yen: t.yen(own.code.yen) }),
    act: t('unavailable.do', { wait: waitText(t, result.retryAfterSeconds) }),
    next: { href: `/receive/codes/${own.code.id}`, text: t('unavailable.again') },
  };
  return showNotice(visit, notice, { status: 503, type: 'code_unavailable', headers: { 'retry-after': String(result.retryAfterSeconds) } });
});

interface OwnCode {
  readonly redemption: RedemptionView;
  readonly code: CodeView;
}

/** The code of the address, among the recipient's own: other people's codes do not exist here. */
function findCode({ page, params }: RecipientVisit): OwnCode | null {
  for (const redemption of page.redemptions) {
    const code = redemption.codes.find(({ id, situation }) => id === params.codeId && situation === 'issued');
    if (code) return { redemption, code };
  }
  return null;
}

function codePage(visit: RecipientVisit, { redemption, code }: OwnCode, shown: ShownCode | null): Response {
  const { t, token, page } = visit;
  const face = faceOf(visit, redemption.provider);
  const facts: CodeFacts = { ...code, face };
  const title = t('code.title', { label: t.own(face.label), yen: t.yen(code.yen) });
  return show(
    visit,
    title,
    <CodePage
      t={t}
      token={token}
      office={page.campaign}
      grant={page.grant}
      facts={facts}
      shown={shown}
      next={nextCode(redemption, code)}
    />,
  );
}

function nextCode({ codes }: RedemptionView, code: CodeView): { id: string; position: number; count: number } | null {
  const issued = codes.filter(({ situation }) => situation === 'issued');
  const index = issued.findIndex(({ id }) => id === code.id) + 1;
  const next = issued[index];
  return next ? { id: next.id, position: index + 1, count: issued.length } : null;
}
