import { codesSentence } from '../auth/recipient-sentence';
import { faceOf, forRecipient, readOnly, show } from '../auth/visit';
import { CodesPage } from '../components/codes-page';

/** All redemptions and codes; open for ever. */
export const loader = forRecipient((visit) => {
  const { t, page } = visit;
  const items = page.redemptions.map((item) => ({ ...item, face: faceOf(visit, item.provider) }));
  const words = codesSentence(t, page);
  return show(visit, words.title, <CodesPage t={t} words={words} office={page.campaign} grant={page.grant} items={items} />);
});

export const action = readOnly;
