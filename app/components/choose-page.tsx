import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import { AmountCard } from './amount-card';
import { AnnouncedDates, type Announcements } from './announced';
import { type CardOffer, ChoiceCard } from './choice-card';
import { ChoiceError, ErrorSummary } from './error-summary';
import { HelpBox, type Office } from './help-box';
import type { ProviderFace } from './provider-face';
import { Steps } from './steps';

interface Props {
  t: Texts;
  /** The words that the console shows as well. */
  words: { readonly title: string; readonly lead: readonly string[] };
  token: string;
  office: Office;
  /** Dates that changed since people were told them. */
  announced: Announcements | undefined;
  grant: {
    readonly number: string;
    readonly residualYen: Yen;
    readonly pendingYen: Yen;
    readonly deadlineAt: Date;
    readonly daysLeft: number;
  };
  offers: readonly { readonly face: ProviderFace; readonly offer: CardOffer }[];
  /** As the language writes it. */
  phrase: string;
  hasCodes: boolean;
  chosen: string | null;
  /** Something was sent without a choice. */
  missing: boolean;
}

/** The residual page: how much, until when, and one question: how to receive it. */
export function ChoosePage({ t, words, token, office, announced, grant, offers, phrase, hasCodes, chosen, missing }: Props) {
  const [lead, ...notes] = words.lead;
  const first = offers.find(({ offer }) => offer.mostYen > 0n);
  return (
    <>
      <Steps t={t} current={1} />
      {missing && <ErrorSummary t={t} errors={[{ field: first ? `p-${first.face.id}` : 'main', text: t('choose.none') }]} />}
      <AmountCard t={t} {...grant} />
      <AnnouncedDates
        announced={announced}
        about={['deadline']}
        say={(_, { from, to }) => t('announced.deadline', { from: t.moment(from), to: t.moment(to) })}
      />
      <p className="note">
        <b>{t('phrase.is', { phrase })}</b>
        <br />
        {t('phrase.what')}
      </p>
      {grant.pendingYen > 0n && (
        <p className="note">
          {notes[0]} <a href="/receive/progress">{t('choose.pendingLink')}</a>
        </p>
      )}
      {hasCodes && (
        <p className="note">
          {notes[grant.pendingYen > 0n ? 1 : 0]} <a href="/receive/codes">{t('choose.codesLink')}</a>
        </p>
      )}
      <form method="post" action="/receive" data-once="">
        <input type="hidden" name="token" value={token} />
        <fieldset aria-describedby={missing ? 'lead choice-error' : 'lead'}>
          <legend>
            <h1>{words.title}</h1>
          </legend>
          <p className="quiet" id="lead">
            {lead}
          </p>
          {missing && <ChoiceError t={t} />}
          {offers.map(({ face, offer }) => (
            <ChoiceCard key={face.id} t={t} face={face} offer={offer} yen={grant.residualYen} checked={face.id === chosen} />
          ))}
        </fieldset>
        <p>
          <a className="more" href="/receive/split">
            {t('choose.split')}
          </a>
        </p>
        <div className="bar">
          <button type="submit" className="button" data-label={t('choose.submit', { yen: '{yen}' })}>
            <span className="whole">{t('choose.submit', { yen: t.yen(grant.residualYen) })}</span>
            <span className="partly">{t('choose.submitAny')}</span>
          </button>
        </div>
      </form>
      <section>
        <h2>{t('how.title')}</h2>
        <ol className="list">
          <li>{t('how.1')}</li>
          <li>{t('how.2')}</li>
          <li>{t('how.3')}</li>
        </ol>
      </section>
      <HelpBox t={t} offices={[office]} number={grant.number} />
    </>
  );
}
