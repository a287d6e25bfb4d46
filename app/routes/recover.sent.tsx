import { forEveryone, readOnly, showNotice } from '../auth/visit';

/** That the wish was filed, what comes next, and what to do when nothing comes. */
export const loader = forEveryone((visit) => {
  const { t } = visit;
  const notice = {
    title: t('recover.sent.title'),
    what: t('recover.sent.what'),
    safe: t('recover.sent.safe'),
    act: t('recover.sent.do'),
    next: { href: '/recover', text: t('recover.again'), primary: false },
  };
  return showNotice(visit, notice, { status: 200, type: 'recover-sent' });
});

export const action = readOnly;
