import { showPhone } from '../../domain/contact';
import type { ConsoleTexts } from '../../i18n/console/texts';
import type { Unmasking } from './person-page';

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly action: string;
  readonly unmasking: Unmasking;
}

/** The whole name and address, for a reason, on one answer only. */
export function UnmaskForm({ t, token, action, unmasking: { reasons, today, error, contact, chosen } }: Props) {
  return (
    <section className="card" id="contact">
      <h2>{t('person.contact')}</h2>
      {contact === null && <p className="message fail">{t('person.unreadable')}</p>}
      {contact && (
        <dl className="facts" data-focus="" tabIndex={-1}>
          <dt>{t('person.name')}</dt>
          <dd>{contact.name ?? '―'}</dd>
          <dt>{t('person.kana')}</dt>
          <dd>{contact.kana ?? '―'}</dd>
          <dt>{t('person.phone')}</dt>
          <dd>{contact.phone ? showPhone(contact.phone) : '―'}</dd>
          <dt>{t('person.mail')}</dt>
          <dd>{contact.mail ?? '―'}</dd>
        </dl>
      )}
      <form method="post" action={action} className="form">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="unmask" />
        <p className="field">
          <label htmlFor="unmask-reason">{t('unmask.why')}</label>
          <select
            id="unmask-reason"
            name="reason"
            defaultValue={chosen ?? ''}
            required
            aria-describedby={error ? 'unmask-error unmask-note' : 'unmask-note'}
            aria-invalid={error || undefined}
          >
            <option value="">{t('unmask.choose')}</option>
            {reasons.map((reason) => (
              <option key={reason} value={reason}>
                {t(`unmask.reason.${reason}`)}
              </option>
            ))}
          </select>
        </p>
        {error && (
          <p className="field-error" id="unmask-error" data-focus="" tabIndex={-1}>
            {t('unmask.missing')}
          </p>
        )}
        <p className="hint" id="unmask-note">
          {t('unmask.note', { count: today })}
        </p>
        <p className="buttons">
          <button type="submit" className="button quiet">
            {t('unmask.press')}
          </button>
        </p>
      </form>
    </section>
  );
}
