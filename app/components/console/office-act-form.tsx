import type { ReactNode } from 'react';
import type { ActPlan, ActRefusalReason } from '../../domain/acts';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { ActField } from './act-field';
import { actName } from './approval-state';
import { PlanTable } from './plan-table';
import { reasonText } from './reason-text';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';

/** An act of the office as its form shows it. */
export interface OfficeActView {
  readonly reasons: readonly string[];
  readonly plan: ActPlan | null;
  readonly no: { readonly reason: ActRefusalReason } | null;
  readonly needsSecond: boolean;
  readonly typed: Readonly<Record<string, string>>;
  readonly error: { readonly reason: ActRefusalReason; readonly field?: string } | null;
  readonly stepUp: Pick<StepUpFieldsProps, 'offer' | 'error' | 'minutes'> | null;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly act: string;
  /** Where the form goes. */
  readonly action: string;
  readonly shown: OfficeActView;
  /** Hidden fields that say what it is about. */
  readonly children?: ReactNode;
}

const NO_LABELS = new Map<string, string>();

/** What will happen, then reason, evidence, note and proof; or the rule why not. */
export function OfficeActForm({ t, token, act, action, shown, children }: Props) {
  const { plan, no, error, typed, stepUp } = shown;
  if (!plan || !stepUp) {
    return (
      <section className="card notice">
        <h2>{t('acts.not')}</h2>
        <p>{t(`act.no.${no?.reason ?? 'not_found'}`)}</p>
      </section>
    );
  }
  const name = actName(t, act);
  return (
    <>
      <section className="card" aria-labelledby="will">
        <h2 id="will">{t('acts.will')}</h2>
        <PlanTable t={t} plan={plan} labels={NO_LABELS} />
      </section>
      <section className="card">
        <form method="post" action={action} className="form">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value={act} />
          <input type="hidden" name="yen" value={String(plan.yen)} />
          {children}
          {error && (
            <div className="message fail" role="alert" id="act-error" tabIndex={-1} data-focus={error.field ? undefined : ''}>
              <p>{error.field ? t('acts.errors') : t(`act.no.${error.reason}`)}</p>
            </div>
          )}
          <ActField t={t} name="reason" label={t('acts.reason')} error={error}>
            {(aria) => (
              <select {...aria} name="reason" defaultValue={typed.reason ?? ''} required>
                <option value="">{t('acts.choose')}</option>
                {shown.reasons.map((reason) => (
                  <option key={reason} value={reason}>
                    {reasonText(t, reason)}
                  </option>
                ))}
              </select>
            )}
          </ActField>
          <ActField t={t} name="evidence" label={t('coupon.evidence')} hint={t('coupon.evidence.hint')} error={error}>
            {(aria) => <textarea {...aria} name="evidence" defaultValue={typed.evidence ?? ''} />}
          </ActField>
          <ActField t={t} name="note" label={t('acts.note')} hint={t('acts.note.hint')} error={error}>
            {(aria) => <textarea {...aria} name="note" defaultValue={typed.note ?? ''} />}
          </ActField>
          <StepUpFields t={t} {...stepUp} act={name} />
          <p className="hint">{t(shown.needsSecond ? 'acts.two' : 'acts.alone')}</p>
          <p className="buttons">
            <button type="submit" className="button">
              {t(shown.needsSecond ? 'office.propose' : 'office.do', { act: name, yen: t.yen(plan.yen) })}
            </button>
          </p>
        </form>
      </section>
    </>
  );
}
