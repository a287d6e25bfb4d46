import type { ConsoleTexts } from '../../i18n/console/texts';

/** The one-time link of an invitation, shown once. */
export function InvitedPage({ t, name, url, expiresAt }: { t: ConsoleTexts; name: string; url: string; expiresAt: Date }) {
  return (
    <>
      <p className="crumbs">
        <a href="/admin/staff">{t('nav.staff')}</a>
      </p>
      <h1>{t('staff.invited.title')}</h1>
      <section className="card">
        <p>{t('staff.invited.what', { name, moment: t.moment(expiresAt) })}</p>
        <p>
          <code className="secret">{url}</code>
        </p>
        <p className="hint">{t('staff.invited.once')}</p>
        <p>
          <a className="button quiet" href="/admin/staff">
            {t('staff.invited.back')}
          </a>
        </p>
      </section>
    </>
  );
}
