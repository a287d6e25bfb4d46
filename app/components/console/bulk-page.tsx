import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { reasonText } from './reason-text';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';

export type BulkTrouble = 'reason' | 'note' | 'changed' | 'already';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly act: 'reissue' | 'give_back';
  /** The same page for the other act. */
  readonly otherHref: string;
  readonly backHref: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly count: number;
  readonly yen: Yen;
  readonly more: boolean;
  readonly most: number;
  readonly reasons: readonly string[];
  readonly typed: { readonly why: string; readonly note: string };
  readonly offer: StepUpFieldsProps['offer'];
  readonly error: BulkTrouble | null;
  readonly stepError: StepUpFieldsProps['error'];
  readonly minutes?: number;
}

/** Proposing one act for many: how many, how much, why, and the proof. */
export function BulkPage(props: Props) {
  const { t, act, count, yen, more, most, error, fields, typed } = props;
  const name = t(`bulk.${act}`);
  const other = act === 'reissue' ? 'give_back' : 'reissue';
  return (
    <>
      <p className="crumbs">
        <a href={props.backHref}>{t('bulk.back')}</a>
      </p>
      <h1>
        {t('bulk.title')}　{name}
      </h1>
      <nav aria-label={t('bulk.title')}>
        <ul className="tabs">
          <li>
            <a href="#main" aria-current="page">
              {name}
            </a>
          </li>
          <li>
            <a href={props.otherHref}>{t(`bulk.${other}`)}</a>
          </li>
        </ul>
      </nav>
      <section className="card">
        <dl className="figures">
          <div>
            <dt>{t('bulk.count')}</dt>
            <dd>{t('frame.count', { count })}</dd>
          </div>
          <div>
            <dt>{t('bulk.total')}</dt>
            <dd>{t.yen(yen)}</dd>
          </div>
        </dl>
        {more && <p>{t('bulk.more', { most })}</p>}
        <p>{count === 0 ? t('bulk.none') : t(`bulk.what.${act}`)}</p>
        {(error === 'changed' || error === 'already') && (
          <p className="field-error" data-focus="" tabIndex={-1}>
            {t(`bulk.no.${error}`)}
          </p>
        )}
        {count > 0 && (
          <form method="post" action="/admin/redemptions" className="form">
            <input type="hidden" name="token" value={props.token} />
            <input type="hidden" name="act" value={`propose_${act}`} />
            {fields.map(([field, value]) => (
              <input key={`${field} ${value}`} type="hidden" name={field} value={value} />
            ))}
            <input type="hidden" name="count" value={count} />
            <input type="hidden" name="yen" value={String(yen)} />
            <p className="field">
              <label htmlFor="why">{t('bulk.why')}</label>
              <select
                id="why"
                name="why"
                defaultValue={typed.why}
                required
                aria-invalid={error === 'reason' || undefined}
                aria-describedby={error === 'reason' ? 'why-error' : undefined}
              >
                <option value="">{t('bulk.choose')}</option>
                {props.reasons.map((reason) => (
                  <option key={reason} value={reason}>
                    {reasonText(t, reason)}
                  </option>
                ))}
              </select>
            </p>
            {error === 'reason' && <FieldError id="why-error" text={t('bulk.no.reason')} />}
            <p className="field wide">
              <label htmlFor="note">{t('bulk.note')}</label>
              <input
                id="note"
                name="note"
                autoComplete="off"
                defaultValue={typed.note}
                aria-invalid={error === 'note' || undefined}
                aria-describedby={error === 'note' ? 'note-error' : undefined}
              />
            </p>
            {error === 'note' && <FieldError id="note-error" text={t('bulk.no.note')} />}
            <StepUpFields t={t} offer={props.offer} act={name} error={props.stepError} minutes={props.minutes} />
            <p className="buttons">
              <button type="submit" className="button">
                {t('bulk.propose', { items: t('frame.count', { count }), yen: t.yen(yen), act: name })}
              </button>
            </p>
          </form>
        )}
      </section>
    </>
  );
}

function FieldError({ id, text }: { id: string; text: string }) {
  return (
    <p className="field-error" id={id} data-focus="" tabIndex={-1}>
      {text}
    </p>
  );
}
