import { NOTE_LONGEST } from '../../domain/acts';
import { CLAIM_APPROVALS } from '../../domain/claim';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';

export interface ClaimsApproveProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaignId: string;
  readonly ids: readonly string[];
  readonly yen: Yen;
  /** How many of the chosen ones cannot be proposed. */
  readonly leftOut: number;
  readonly typed: { readonly reason: string; readonly note: string };
  readonly offer: StepUpFieldsProps['offer'];
  readonly error?: 'changed' | 'closed' | 'reason';
  readonly stepError?: StepUpFieldsProps['error'];
  readonly minutes?: number;
}

/** Proposing claims for approval. */
export function ClaimsApprovePage(props: ClaimsApproveProps) {
  const { t, campaignId, ids, yen, leftOut, error } = props;
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href={`/admin/claims?${new URLSearchParams({ campaign: campaignId })}`}>{t('nav.claims')}</a>
        </p>
        <h1>{t('claims.approve.title')}</h1>
        <p className="hint">{t('claims.approve.lead')}</p>
      </header>
      <section className="card stack">
        {(error === 'changed' || error === 'closed') && (
          <p className="message fail" role="alert" data-focus="" tabIndex={-1}>
            {t(`claims.approve.${error}`)}
          </p>
        )}
        <dl className="figures">
          <div>
            <dt>{t('claims.approve.count')}</dt>
            <dd>{t('frame.count', { count: ids.length })}</dd>
          </div>
          <div>
            <dt>{t('claims.yen')}</dt>
            <dd>{t.yen(yen)}</dd>
          </div>
        </dl>
        {leftOut > 0 && <p>{t('claims.approve.left', { count: leftOut })}</p>}
        {ids.length === 0 ? <p>{t('claims.approve.none')}</p> : <Proposal {...props} />}
      </section>
    </>
  );
}

function Proposal({ t, token, campaignId, ids, yen, typed, offer, error, stepError, minutes }: ClaimsApproveProps) {
  const wrong = error === 'reason';
  return (
    <form method="post" action="/admin/claims/approve" className="form">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="act" value="propose" />
      <input type="hidden" name="campaign" value={campaignId} />
      <input type="hidden" name="count" value={ids.length} />
      <input type="hidden" name="yen" value={String(yen)} />
      {ids.map((id) => (
        <input key={id} type="hidden" name="c" value={id} />
      ))}
      <p className="field">
        <label htmlFor="reason">{t('claims.reason')}</label>
        <select
          id="reason"
          name="reason"
          defaultValue={typed.reason}
          required
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? 'reason-error' : undefined}
        >
          <option value="">{t('claims.reason.choose')}</option>
          {CLAIM_APPROVALS.map((reason) => (
            <option key={reason} value={reason}>
              {t(`claims.approve.reason.${reason}`)}
            </option>
          ))}
        </select>
        {wrong && (
          <span className="field-error" id="reason-error">
            {t('claims.no.reason_missing')}
          </span>
        )}
      </p>
      <p className="field">
        <label htmlFor="note">{t('claims.approve.note')}</label>
        <textarea id="note" name="note" maxLength={NOTE_LONGEST} defaultValue={typed.note} />
      </p>
      <StepUpFields t={t} offer={offer} act={t('approvals.act.approve_claims')} error={stepError ?? null} minutes={minutes} />
      <div className="buttons">
        <button type="submit" className="button">
          {t('claims.approve.press', { yen: t.yen(yen) })}
        </button>
      </div>
    </form>
  );
}
