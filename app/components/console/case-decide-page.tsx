import { showClaimNumber } from '../../domain/claim-number';
import type { ConsoleTexts } from '../../i18n/console/texts';
import type { CaseFacts } from './case-page';
import { CasePayments } from './case-payments';
import { OfficeActForm, type OfficeActView } from './office-act-form';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly page: Pick<CaseFacts, 'id' | 'campaign' | 'number' | 'caller' | 'coupon' | 'chosen' | 'waiting'>;
  readonly shown: OfficeActView;
}

/** Proposing to approve a case: the payments it is about, what approving comes to, and the form. */
export function CaseDecidePage({ t, token, page, shown }: Props) {
  const path = `/admin/cases/${page.id}`;
  const { coupon, chosen, waiting } = page;
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(page.campaign)} ／ <a href="/admin/cases">{t('case.crumb')}</a> ／ <a href={path}>{showClaimNumber(page.number)}</a>
        </p>
        <div className="title-line">
          <h1>{t('case.decide.title')}</h1>
          <span>{page.caller?.name ?? t('case.unreadable')}</span>
        </div>
      </header>
      {waiting ? (
        <section className="card notice">
          <h2>{t('acts.not')}</h2>
          <p>{t('act.no.already_proposed')}</p>
          <p className="buttons">
            <a className="button" href={path}>
              {t('case.decide.back')}
            </a>
            <a href={`/admin/approvals/${waiting.id}`}>{t('acts.seeProposal')}</a>
          </p>
        </section>
      ) : (
        <div className="columns">
          <div className="stack">
            {coupon && (
              <section className="card">
                <h2>{t('case.payments')}</h2>
                <CasePayments t={t} payments={coupon.payments.filter(({ number }) => chosen.includes(number))} chosen={chosen} fixed />
              </section>
            )}
            <OfficeActForm t={t} token={token} act="decide_case" action={`${path}/decide`} shown={shown} />
            <p>
              <a href={path}>{t('case.decide.back')}</a>
            </p>
          </div>
        </div>
      )}
    </>
  );
}
