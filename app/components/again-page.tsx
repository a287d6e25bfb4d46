import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import { type CardOffer, ChoiceCard } from './choice-card';
import { ChoiceError, ErrorSummary } from './error-summary';
import { HelpBox, type Office } from './help-box';
import type { ProviderFace } from './provider-face';
import { Steps } from './steps';

interface Props {
  t: Texts;
  token: string;
  office: Office;
  number: string;
  redemptionId: string;
  failed: ProviderFace;
  yen: Yen;
  /** Accepted in time: chosen anew after the deadline, too. */
  afterDeadline: boolean;
  offers: readonly { readonly face: ProviderFace; readonly offer: CardOffer }[];
  missing: boolean;
}

/** Another way for what could not be issued. */
export function AgainPage({ t, token, office, number, redemptionId, failed, yen, afterDeadline, offers, missing }: Props) {
  const amount = t.yen(yen);
  const first = offers.find(({ offer }) => offer.mostYen > 0n);
  return (
    <>
      <Steps t={t} current={1} />
      {missing && <ErrorSummary t={t} errors={[{ field: first ? `p-${first.face.id}` : 'main', text: t('choose.none') }]} />}
      <p className="note">
        {t('again.lead', { label: t.own(failed.label), yen: amount })}
        {afterDeadline && t('sentence.join') + t('again.accepted')}
      </p>
      <form method="post" action={`/receive/redemptions/${redemptionId}/again`} data-once="">
        <input type="hidden" name="token" value={token} />
        <fieldset aria-describedby={missing ? 'choice-error' : undefined}>
          <legend>
            <h1>{t('again.title', { yen: amount })}</h1>
          </legend>
          {missing && <ChoiceError t={t} />}
          {offers.map(({ face, offer }) => (
            <ChoiceCard key={face.id} t={t} face={face} offer={offer} yen={yen} checked={false} />
          ))}
        </fieldset>
        {first ? (
          <div className="bar">
            <button type="submit" className="button" data-label={t('again.submit', { yen: '{yen}' })}>
              <span className="whole">{t('again.submit', { yen: amount })}</span>
              <span className="partly">{t('choose.submitAny')}</span>
            </button>
          </div>
        ) : (
          <p>{t('again.none', { yen: amount })}</p>
        )}
      </form>
      <HelpBox t={t} offices={[office]} number={number} />
    </>
  );
}
