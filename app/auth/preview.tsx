import { CheckPage } from '../components/check-page';
import { ChoosePage } from '../components/choose-page';
import { CodePage } from '../components/code-page';
import { CodesPage } from '../components/codes-page';
import { ConfirmPage } from '../components/confirm-page';
import { ProgressPage } from '../components/progress-page';
import { RecoverPage } from '../components/recover-page';
import { decideAllocation } from '../domain/offer';
import { writePhrase } from '../domain/phrase';
import type { PreviewPage } from '../domain/preview-page';
import { refuse } from '../domain/refusal';
import claimCss from '../styles/claim.css?inline';
import { offerOfMost, type Preview, sampleRedemption } from '../views/preview';
import type { RecipientPage } from '../views/recipient-page';
import { chooseSentence, codesSentence, progressSentence } from './recipient-sentence';
import { faceOfPage, refusalPage, show, type Visit } from './visit';

/** Two of the words; nobody's link has them by more than chance. */
const SAMPLE_PHRASE = { first: 'かんざし', second: 'おにぎり' };
/** Belongs to no session: a form with it is refused before anything is read of it. */
const NO_TOKEN = '';
/** Nobody could take it for one that works. */
const SAMPLE_CODE = { code: 'SAMPLE-0000-0000', pin: null, url: null } as const;

type Part = Extract<PreviewPage, 'recipient' | 'confirm' | 'progress' | 'codes' | 'code'>;

/** A recipient's page as a sample person sees it at the visit's moment. */
export function previewRecipient(visit: Visit, page: Part, preview: Preview): Response | Promise<Response> {
  const { recipient } = preview;
  switch (page) {
    case 'recipient':
      return recipient.grant.open ? choosing(visit, recipient) : closed(visit, recipient);
    case 'confirm':
      return recipient.grant.open ? confirming(visit, recipient) : closed(visit, recipient);
    case 'progress':
      return progressing(visit, sampleRedemption(recipient, 'issuing', visit.now));
    case 'codes':
    case 'code':
      return received(visit, page, sampleRedemption(recipient, 'issued', visit.now));
  }
}

/** The pages for who has no link, or doubts a message, with this programme's office alone. */
export function previewHelp(visit: Visit, page: 'recover' | 'check', { recipient: { campaign } }: Preview): Response {
  const { t, context } = visit;
  const css = { css: claimCss };
  if (page === 'recover') {
    const typed = { fact: '', second: '' };
    const content = <RecoverPage t={t} token={NO_TOKEN} typed={typed} wrong={null} offices={[campaign]} />;
    return show(visit, t('recover.title'), content, css);
  }
  const asked = { typed: { sender: '', phrase: '', arrived: '' }, problems: [], verdict: null, busy: false };
  const content = <CheckPage t={t} token={NO_TOKEN} host={`${context.publicUrl}/`} senders={[campaign]} {...asked} />;
  return show(visit, t('check.title'), content, css);
}

function closed(visit: Visit, page: RecipientPage): Promise<Response> {
  return refusalPage({ ...visit, ...nobody(visit, page) }, refuse('closed'));
}

function faceIn({ context }: Visit, page: RecipientPage, provider: string) {
  return faceOfPage(page, context.portal, provider);
}

function choosing(visit: Visit, page: RecipientPage): Response {
  const { t } = visit;
  const { campaign, grant, offers } = page;
  const words = chooseSentence(t, page);
  return show(
    visit,
    words.title,
    <ChoosePage
      t={t}
      words={words}
      token={NO_TOKEN}
      office={campaign}
      announced={campaign.announced}
      grant={grant}
      offers={offers.map((offer) => ({ offer, face: faceIn(visit, page, offer.provider) }))}
      phrase={writePhrase(SAMPLE_PHRASE, t.language)}
      hasCodes={false}
      chosen={null}
      missing={false}
    />,
    { office: campaign },
  );
}

function confirming(visit: Visit, page: RecipientPage): Response | Promise<Response> {
  const { t } = visit;
  const { campaign, grant, offers } = page;
  const most = offerOfMost(offers);
  if (!most) return refusalPage({ ...visit, ...nobody(visit, page) }, refuse('nothing_chosen'));
  const choice = { provider: most.provider, yen: most.mostYen };
  const foreseen = decideAllocation(
    grant.residualYen,
    [choice],
    offers.map(({ facts }) => facts),
  );
  if (foreseen.kind === 'refused') return refusalPage({ ...visit, ...nobody(visit, page) }, foreseen);
  const restYen = grant.residualYen - choice.yen;
  const content = (
    <ConfirmPage
      t={t}
      token={NO_TOKEN}
      requestKey=""
      action="/receive/confirm"
      parts={foreseen.redemptions.map((part) => ({ ...part, face: faceIn(visit, page, part.provider) }))}
      rest={restYen > 0n ? { yen: restYen, deadlineAt: grant.deadlineAt, splitHref: '/receive/split' } : null}
      backHref="/receive"
    />
  );
  return show(visit, t('confirm.title'), content, { office: campaign });
}

function nobody(visit: Visit, page: RecipientPage) {
  return { page, session: { grantId: '', generation: 1, sid: '', seenAt: visit.now }, token: NO_TOKEN };
}

function progressing(visit: Visit, page: RecipientPage): Response {
  const { t, now } = visit;
  const words = progressSentence(t, page, now);
  const items = page.redemptions.map((item) => ({ ...item, face: faceIn(visit, page, item.provider) }));
  const content = <ProgressPage t={t} words={words} office={page.campaign} grant={page.grant} items={items} late={false} />;
  return show(visit, words.title, content, { office: page.campaign });
}

function received(visit: Visit, which: 'codes' | 'code', page: RecipientPage): Response {
  const { t } = visit;
  const { campaign, grant, redemptions } = page;
  const [redemption] = redemptions;
  const [code] = redemption?.codes ?? [];
  if (which === 'code' && redemption && code) {
    const face = faceIn(visit, page, redemption.provider);
    const title = t('code.title', { label: t.own(face.label), yen: t.yen(code.yen) });
    const facts = { ...code, face };
    const content = <CodePage t={t} token={NO_TOKEN} office={campaign} grant={grant} facts={facts} shown={SAMPLE_CODE} next={null} />;
    return show(visit, title, content, { office: campaign });
  }
  const words = codesSentence(t, page);
  const items = redemptions.map((item) => ({ ...item, face: faceIn(visit, page, item.provider) }));
  const content = <CodesPage t={t} words={words} office={campaign} grant={grant} items={items} />;
  return show(visit, words.title, content, { office: campaign });
}
