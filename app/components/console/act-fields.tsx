import { ACT_RULES, type ActRefusalReason } from '../../domain/acts';
import { IDENTITY_FACTS } from '../../domain/identity';
import { japanDay } from '../../domain/japan-time';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { ActField } from './act-field';
import type { ActFormView } from './act-page';
import { reasonText } from './reason-text';

interface Props {
  readonly t: ConsoleTexts;
  readonly form: ActFormView;
  readonly typed: Readonly<Record<string, string>>;
  readonly error: { readonly reason: ActRefusalReason; readonly field?: string } | null;
}

/** What an act's form asks for: its own fields, then why it is done and a note. */
export function ActFields(props: Props) {
  const { t, form, typed } = props;
  return (
    <>
      <OwnFields {...props} />
      <ActField {...props} name="reason" label={t('acts.reason')}>
        {(aria) => (
          <select {...aria} name="reason" defaultValue={typed.reason ?? ''} required>
            <option value="">{t('acts.choose')}</option>
            {ACT_RULES[form.act].reasons.map((reason) => (
              <option key={reason} value={reason}>
                {reasonText(t, reason)}
              </option>
            ))}
          </select>
        )}
      </ActField>
      <ActField {...props} name="note" label={t('acts.note')} hint={t('acts.note.hint')}>
        {(aria) => <textarea {...aria} name="note" defaultValue={typed.note ?? ''} />}
      </ActField>
    </>
  );
}

function OwnFields(props: Props) {
  switch (props.form.act) {
    case 'reissue':
      return props.form.code ? <VoidFields {...props} /> : <ProviderFields {...props} />;
    case 'settle_doubt':
      return <Evidence {...props} />;
    case 'extend':
      return <Until {...props} />;
    case 'freeze':
      return <Hours {...props} />;
    case 'resend':
      return <Via {...props} />;
    case 'change_address':
      return <AddressFields {...props} />;
    default:
      return null;
  }
}

/** By which of the registered addresses the link goes: chosen is the first, by which it can arrive. */
function Via(props: Props) {
  const { t, typed, form } = props;
  const name = ({ channel, address }: (typeof form.ways)[number]) => `${t(`channel.${channel}`)} ${address}`;
  const [best] = form.ways;
  const dead = form.ways.find(({ failed }) => failed);
  const warning = !dead ? null : best?.failed ? t('acts.via.noneWorks') : t('acts.via.failed', { way: name(dead) });
  const noSms = form.noSms && t(`acts.via.${form.noSms.why}`, { phone: form.noSms.phone });
  const hint = (
    <>
      {noSms}
      {noSms && <br />}
      {warning ?? t('acts.via.hint')}
    </>
  );
  return (
    <ActField {...props} name="via" label={t('acts.via')} hint={hint}>
      {(aria) => (
        <select {...aria} name="via" defaultValue={typed.via || best?.channel}>
          {!best && <option value="">{t(noSms ? 'acts.via.none' : 'person.noAddress')}</option>}
          {form.ways.map((way) => (
            <option key={way.channel} value={way.channel}>
              {way.failed ? t('acts.via.dead', { way: name(way) }) : name(way)}
            </option>
          ))}
        </select>
      )}
    </ActField>
  );
}

function ProviderFields(props: Props) {
  const { t, form, typed } = props;
  const own = form.redemption?.provider ?? '';
  const offers = form.page.offers.filter(({ provider, paused }) => provider !== own && !paused);
  const label = t.own(form.page.redemptions.find(({ id }) => id === form.redemption?.id)?.label ?? { ja: own, en: own });
  return (
    <>
      <ActField {...props} name="provider" label={t('acts.provider')}>
        {(aria) => (
          <select {...aria} name="provider" defaultValue={typed.provider || own}>
            <option value={own}>{t('acts.provider.same', { label })}</option>
            {offers.map((offer) => (
              <option key={offer.provider} value={offer.provider}>
                {t.own(offer.label)}
              </option>
            ))}
          </select>
        )}
      </ActField>
      <ActField {...props} name="consent" label={t('acts.consent')} hint={t('acts.consent.hint')} wide>
        {(aria) => <input {...aria} name="consent" maxLength={200} defaultValue={typed.consent ?? ''} autoComplete="off" />}
      </ActField>
    </>
  );
}

function VoidFields(props: Props) {
  const { t, form, typed, error } = props;
  const chosen = typed.void || (form.cancels ? 'cancelled' : 'proven_bad');
  return (
    <>
      {form.cancels ? (
        <fieldset>
          <legend>
            <strong>{t('acts.void')}</strong>
          </legend>
          {(['cancelled', 'proven_bad'] as const).map((way) => (
            <p className="choice" key={way}>
              <input type="radio" id={`void-${way}`} name="void" value={way} defaultChecked={chosen === way} />
              <label htmlFor={`void-${way}`}>{t(`acts.void.${way}`)}</label>
            </p>
          ))}
          {error?.field === 'void' && (
            <p className="field-error" data-focus="" tabIndex={-1}>
              {t(`act.no.${error.reason}`)}
            </p>
          )}
        </fieldset>
      ) : (
        <p className="message time">
          <input type="hidden" name="void" value="proven_bad" />
          {t('acts.void.only')}
        </p>
      )}
      <Evidence {...props} />
    </>
  );
}

function Evidence(props: Props) {
  const { t, typed } = props;
  return (
    <ActField {...props} name="evidence" label={t('acts.evidence')} hint={t('acts.evidence.hint')}>
      {(aria) => <textarea {...aria} name="evidence" defaultValue={typed.evidence ?? ''} />}
    </ActField>
  );
}

const DAY_MS = 86_400_000;

function Until(props: Props) {
  const { t, form, typed } = props;
  const { person, policy } = form;
  const most = new Date(person.programmeDeadlineAt.getTime() + policy.extensionDaysMost * DAY_MS - 1_000);
  return (
    <ActField {...props} name="until" label={t('acts.until')} hint={t('acts.until.hint', { most: t.day(most) })}>
      {(aria) => (
        <input
          {...aria}
          type="date"
          name="until"
          min={japanDay(person.deadlineAt)}
          max={japanDay(most)}
          defaultValue={typed.until ?? ''}
          required
        />
      )}
    </ActField>
  );
}

function Hours(props: Props) {
  const { t, form, typed } = props;
  return (
    <ActField {...props} name="hours" label={t('acts.hours')} hint={t('acts.hours.hint')}>
      {(aria) => (
        <input
          {...aria}
          name="hours"
          inputMode="numeric"
          size={5}
          maxLength={4}
          defaultValue={typed.hours ?? String(form.policy.freezeHours)}
        />
      )}
    </ActField>
  );
}

function AddressFields(props: Props) {
  const { t, typed } = props;
  return (
    <>
      <fieldset className="form">
        <legend>
          <strong>{t('acts.identity')}</strong>
        </legend>
        <p className="hint" id="identity-hint">
          {t('acts.identity.hint')}
        </p>
        {[1, 2].map((n) => (
          <div className="filters" key={n}>
            <p className="field">
              <label htmlFor={`act-fact${n}`}>{t('acts.fact', { n })}</label>
              <select id={`act-fact${n}`} name={`fact${n}`} defaultValue={typed[`fact${n}`] ?? ''} required>
                <option value="">{t('acts.choose')}</option>
                {IDENTITY_FACTS.map((fact) => (
                  <option key={fact} value={fact}>
                    {t(`acts.fact.${fact}`)}
                  </option>
                ))}
              </select>
            </p>
            <ActField {...props} name={`said${n}`} label={t('acts.said')} describedBy="identity-hint">
              {(aria) => (
                <input {...aria} name={`said${n}`} maxLength={120} defaultValue={typed[`said${n}`] ?? ''} autoComplete="off" required />
              )}
            </ActField>
          </div>
        ))}
      </fieldset>
      <ActField {...props} name="address" label={t('acts.address')} hint={t('acts.address.hint')} wide>
        {(aria) => <input {...aria} name="address" maxLength={254} defaultValue={typed.address ?? ''} autoComplete="off" required />}
      </ActField>
    </>
  );
}
