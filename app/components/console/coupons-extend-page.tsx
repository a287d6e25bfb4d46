import type { ConsoleTexts } from '../../i18n/console/texts';
import type { CampaignChoice } from './campaign-picker';
import { OfficeActForm, type OfficeActView } from './office-act-form';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaign: CampaignChoice;
  readonly shown: OfficeActView;
}

/** Extending all coupons that lost their use in the failure: what it comes to, and the form. */
export function CouponsExtendPage({ t, token, campaign, shown }: Props) {
  const query = new URLSearchParams({ campaign: campaign.id });
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(campaign.name)} ／ <a href="/admin/coupons">{t('coupons.title')}</a> ／{' '}
          <a href={`/admin/coupons/register?${query}`}>{t('register.title')}</a>
        </p>
        <h1>{t('extend.title')}</h1>
        <p className="hint">{t('extend.lead')}</p>
      </header>
      <div className="columns">
        <div className="stack">
          <OfficeActForm t={t} token={token} act="extend_coupons" action={`/admin/coupons/extend?${query}`} shown={shown} />
        </div>
      </div>
    </>
  );
}
