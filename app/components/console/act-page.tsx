import {
  ACT_RULES,
  type ActRefusalReason,
  type CodeFacts,
  type PersonAct,
  type PersonFacts,
  type RedemptionFacts,
} from '../../domain/acts';
import type { Bilingual, PolicySettings } from '../../domain/campaign';
import type { MaskedContact } from '../../domain/contact';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { ActFields } from './act-fields';
import { actRows, codeName } from './act-rows';
import { Quote, type Sentence } from './quote';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';
import { TableScroll } from './table-scroll';

/** What the page of an act is made of. */
export interface ActFormView {
  readonly act: PersonAct;
  readonly page: {
    readonly campaign: { readonly name: Bilingual };
    readonly grant: {
      readonly id: string;
      readonly number: string;
      readonly residualYen: Yen;
      readonly pendingYen: Yen;
      readonly lapsedYen: Yen;
      readonly deadlineAt: Date;
    };
    readonly offers: readonly { readonly provider: string; readonly label: Bilingual; readonly paused: boolean }[];
    readonly redemptions: readonly { readonly id: string; readonly label: Bilingual }[];
  };
  readonly person: PersonFacts;
  readonly channel: 'mail' | 'sms';
  readonly contact: MaskedContact | null;
  readonly ways: readonly { readonly channel: 'mail' | 'sms'; readonly address: string; readonly failed: boolean }[];
  readonly noSms: { readonly phone: string; readonly why: 'landline' | 'abroad' } | null;
  readonly redemption: RedemptionFacts | null;
  readonly code: CodeFacts | null;
  readonly others: readonly { readonly redemption: RedemptionFacts; readonly code: CodeFacts | null }[];
  readonly yen: Yen;
  readonly no: ActRefusalReason | null;
  readonly live: { readonly id: string } | null;
  readonly policy: PolicySettings;
  readonly needsSecond: boolean;
  readonly cancels: boolean;
}

export interface ActPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly form: ActFormView;
  /** What the recipient will read; null when nothing of it changes. */
  readonly sentence: Sentence | null;
  /** What was typed. */
  readonly typed: Readonly<Record<string, string>>;
  /** Why it was not taken, and the field it is about. */
  readonly error: { readonly reason: ActRefusalReason; readonly field?: string } | null;
  readonly stepUp: {
    readonly offer: StepUpFieldsProps['offer'];
    readonly error: StepUpFieldsProps['error'];
    readonly minutes?: number;
  } | null;
}

/** Acts whose sentence depends on what is typed. */
const FOLLOWS_TYPED: readonly PersonAct[] = ['reissue', 'extend', 'freeze'];

/** One act on one person: whom, what will change, what they will read, why; or the rule why not. */
export function ActPage({ t, token, form, sentence, typed, error, stepUp }: ActPageProps) {
  const { act, page, contact, no, live } = form;
  const { grant } = page;
  const person = `/admin/people/${grant.id}`;
  const blocked = no ?? (live ? 'already_proposed' : null);
  return (
    <>
      <header>
        <p className="crumbs">
          {t.own(page.campaign.name)} ／ <a href="/admin/find">{t('person.crumb')}</a> ／ <a href={person}>{grant.number}</a>
        </p>
        <div className="title-line">
          <h1>{t(`person.act.${act}`)}</h1>
          <span>
            {grant.number}　{contact?.name ?? t('person.noName')}
          </span>
        </div>
      </header>
      {blocked ? (
        <section className="card notice">
          <h2>{t('acts.not')}</h2>
          <p>{t(`act.no.${blocked}`)}</p>
          <p className="buttons">
            <a className="button" href={person}>
              {t('acts.back')}
            </a>
            {live && <a href={`/admin/approvals/${live.id}`}>{t('acts.seeProposal')}</a>}
          </p>
          <Others t={t} form={form} />
        </section>
      ) : (
        <div className="columns">
          <div className="stack">
            <Changes t={t} form={form} />
            <section className="card">
              <form method="post" className="form" action={`${person}/${act}`}>
                <input type="hidden" name="token" value={token} />
                <input type="hidden" name="act" value={act} />
                <input type="hidden" name="yen" value={String(form.yen)} />
                {form.redemption && <input type="hidden" name="redemption" value={form.redemption.id} />}
                {form.code && <input type="hidden" name="code" value={form.code.id} />}
                {error && (
                  <div className="message fail" role="alert" id="act-error" tabIndex={-1} data-focus={error.field ? undefined : ''}>
                    <p>{error.field ? t('acts.errors') : t(`act.no.${error.reason}`)}</p>
                  </div>
                )}
                <ActFields t={t} form={form} typed={typed} error={error} />
                {stepUp && (
                  <StepUpFields t={t} offer={stepUp.offer} act={t(`person.act.${act}`)} error={stepUp.error} minutes={stepUp.minutes} />
                )}
                <p className="hint">{t(!ACT_RULES[act].approved ? 'acts.direct' : form.needsSecond ? 'acts.two' : 'acts.alone')}</p>
                <p className="buttons">
                  <button type="submit" className="button">
                    {press(t, form)}
                  </button>
                  {FOLLOWS_TYPED.includes(act) && (
                    <button
                      type="submit"
                      name="preview"
                      value="1"
                      className="button quiet"
                      formAction={`${person}/${act}#reads`}
                      formNoValidate
                    >
                      {t('acts.preview')}
                    </button>
                  )}
                  <a href={person}>{t('frame.back')}</a>
                </p>
              </form>
            </section>
          </div>
          <div className="stack">
            <section className="card">
              <h2 id="reads">{t('acts.reads')}</h2>
              {sentence ? <Quote sentence={sentence} /> : <p className="hint">{t('acts.readsSame')}</p>}
            </section>
            <Others t={t} form={form} />
          </div>
        </div>
      )}
    </>
  );
}

function press(t: ConsoleTexts, { act, yen, needsSecond }: ActFormView): string {
  const values = { yen: t.yen(yen) };
  switch (act) {
    case 'reissue':
    case 'give_back':
    case 'settle_doubt':
    case 'extend':
    case 'change_address':
      return t(needsSecond ? `acts.press.${act}` : `acts.pressNow.${act}`, values);
    default:
      return t(`acts.press.${act}`, values);
  }
}

function Changes({ t, form }: { t: ConsoleTexts; form: ActFormView }) {
  return (
    <section className="card" aria-labelledby="changes">
      <h2 id="changes">{t('acts.will')}</h2>
      <TableScroll label={t('acts.will')}>
        <table className="changes">
          <thead>
            <tr>
              <th scope="col">{t('acts.what')}</th>
              <th scope="col">{t('acts.now')}</th>
              <th scope="col">{t('acts.after')}</th>
            </tr>
          </thead>
          <tbody>
            {actRows(t, form).map(([what, now, after]) => (
              <tr key={what}>
                <th scope="row">{t(what)}</th>
                <td>{now}</td>
                <td>{now === after ? after : <strong>{after}</strong>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Others({ t, form: { act, page, others } }: { t: ConsoleTexts; form: ActFormView }) {
  if (others.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('acts.other')}</h2>
      <ul>
        {others.map(({ redemption, code }) => {
          const label = t.own(page.redemptions.find(({ id }) => id === redemption.id)?.label ?? { ja: '', en: '' });
          const query = new URLSearchParams({ redemption: redemption.id, ...(code && { code: code.id }) });
          return (
            <li key={code?.id ?? redemption.id}>
              <a href={`/admin/people/${page.grant.id}/${act}?${query}`}>
                {code
                  ? t('acts.otherCode', { label, yen: t.yen(code.yen), code: codeName(t, code) })
                  : t('acts.otherItem', { label, yen: t.yen(redemption.yen), state: t(`state.${redemption.state}`) })}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
