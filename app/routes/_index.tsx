import { forEveryone, readOnly, showNotice } from '../auth/visit';

/** The front door, for who comes without a link. */
export const loader = forEveryone((visit) => {
  const { t } = visit;
  const notice = {
    title: t('home.title'),
    what: t('home.what'),
    safe: t('home.safe'),
    safeLink: { href: '/check', text: t('check.link') },
    act: t('home.do'),
    next: { href: '/recover', text: t('recover.link') },
  };
  return showNotice(visit, notice, { status: 200, type: 'home' });
});

export const action = readOnly;
