import { CONSOLE_ROUTES, type ConsoleRouteId, isPermitted, type Role } from '../../domain/access';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';

export interface ConsoleMenuProps {
  readonly t: ConsoleTexts;
  readonly route: ConsoleRouteId;
  readonly title: string;
  readonly staff: { readonly name: string; readonly role: Role };
  readonly token: string | null;
  readonly otherLanguage: string;
  /** Numbers beside menu entries. */
  readonly badges: Readonly<Partial<Record<'approvals' | 'needs', number>>>;
}

interface Entry {
  readonly route: ConsoleRouteId;
  readonly text: ConsoleTextKey;
  readonly badge?: 'approvals' | 'needs';
  readonly urgent?: boolean;
}

/** The menu in its order: the page, its words, and which number stands beside it. */
const MENU: readonly Entry[] = [
  { route: 'admin.find', text: 'nav.find' },
  { route: 'admin.cases._index', text: 'nav.cases' },
  { route: 'admin._index', text: 'nav.home', badge: 'needs', urgent: true },
  { route: 'admin.approvals._index', text: 'nav.approvals', badge: 'approvals' },
  { route: 'admin.redemptions', text: 'nav.redemptions' },
  { route: 'admin.claims._index', text: 'nav.claims' },
  { route: 'admin.coupons._index', text: 'nav.coupons' },
  { route: 'admin.waves', text: 'nav.waves' },
  { route: 'admin.texts._index', text: 'nav.texts' },
  { route: 'admin.campaigns', text: 'nav.campaigns' },
  { route: 'admin.charts', text: 'nav.charts' },
  { route: 'admin.providers._index', text: 'nav.providers' },
  { route: 'admin.reconciliation._index', text: 'nav.reconciliation' },
  { route: 'admin.proofs', text: 'nav.proofs' },
  { route: 'admin.report', text: 'nav.report' },
  { route: 'admin.audit', text: 'nav.audit' },
  { route: 'admin.exports._index', text: 'nav.exports' },
  { route: 'admin.staff._index', text: 'nav.staff' },
];

/**
 * The console's pages and one's own account. Beside the page where there is room; on a narrow screen it is folded under a
 * line that names the page, so that the page begins at once. Which of both is the style's matter: without JavaScript too.
 */
export function ConsoleMenu({ t, route, title, staff, token, otherLanguage, badges }: ConsoleMenuProps) {
  const own = MENU.filter((entry) => {
    const { read } = CONSOLE_ROUTES[entry.route];
    return read === null || isPermitted(staff.role, read);
  });
  const here = own.find((entry) => isWithin(route, entry.route));
  const named = route === 'admin.account' ? t('frame.account') : here ? t(here.text) : title;
  return (
    <details className="fold" data-menu>
      <summary>
        <span className="fold-word">{t('frame.menu')}</span>
        <span className="fold-here">{named}</span>
      </summary>
      <div className="folded">
        <nav aria-label={t('frame.menu')}>
          <ul>
            {own.map((entry) => (
              <li key={entry.route}>
                <a href={CONSOLE_ROUTES[entry.route].path} aria-current={entry === here ? 'page' : undefined}>
                  {t(entry.text)}
                  <Badge entry={entry} badges={badges} />
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="me">
          <p>
            {staff.name}
            <span>{t(`role.${staff.role}`)}</span>
          </p>
          <a href="/admin/account" aria-current={route === 'admin.account' ? 'page' : undefined}>
            {t('frame.account')}
          </a>
          <a href={otherLanguage} lang={t('frame.otherCode')} hrefLang={t('frame.otherCode')}>
            {t('frame.other')}
          </a>
          <form method="post" action="/admin/sign-out">
            <input type="hidden" name="token" value={token ?? ''} />
            <input type="hidden" name="act" value="sign_out" />
            <button type="submit">{t('frame.signOut')}</button>
          </form>
        </div>
      </div>
    </details>
  );
}

function Badge({ entry, badges }: { entry: Entry; badges: ConsoleMenuProps['badges'] }) {
  const count = entry.badge ? (badges[entry.badge] ?? 0) : 0;
  return count > 0 ? <span className={entry.urgent ? 'badge urgent' : 'badge'}>{count >= 100 ? '99+' : count}</span> : null;
}

/** A page below an entry marks the entry; a person's page belongs to finding. */
function isWithin(route: ConsoleRouteId, entry: ConsoleRouteId): boolean {
  const stem = (id: string) => id.split('.')[1]?.replace(/(?<=.)_$/, '');
  return stem(route) === stem(entry) || (entry === 'admin.find' && stem(route) === 'people');
}
