import type { Bilingual } from '../../domain/campaign';
import { CALLER_WAYS, CASE_KINDS, type CaseKind, type CaseScript, type CaseState } from '../../domain/case';
import { COUPON_FACTS, SAID_THINGS, type SaidThing } from '../../domain/case-decision';
import { CALL_FIELDS, type CallField, type CaseProblem, type TypedCall, type TypedStory } from '../../domain/case-form';
import { showClaimNumber } from '../../domain/claim-number';
import type { MaskedContact } from '../../domain/contact';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { CaseField } from './case-field';
import { CasePayments, type CasePaymentView } from './case-payments';
import { SaidAgainst } from './case-said';

export interface CallProblem {
  readonly field: string;
  readonly problem: CaseProblem | 'too_many_today';
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaigns: readonly { readonly id: string; readonly name: Bilingual }[];
  readonly campaignId: string;
  readonly script: CaseScript;
  readonly typed: TypedCall;
  readonly errors: readonly CallProblem[];
  /** It begins with a candidate of the failure. */
  readonly fromCandidate: boolean;
  /** The payment of that candidate, if one was named. */
  readonly candidate: string;
}

/** The first step: who calls, and the four things that the notice asks; each with the question to read aloud. */
export function CallPage(props: Props) {
  const { t, token, campaigns, campaignId, script, errors, fromCandidate, candidate } = props;
  return (
    <>
      <Head t={t} step={1} script={script} />
      {fromCandidate && <p className="message">{t('call.fromCandidate')}</p>}
      <section className="card">
        <form method="post" action="/admin/cases/new" className="wide-form" autoComplete="off">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="look" />
          <input type="hidden" name="candidate" value={candidate} />
          {errors.length > 0 && <Wrong t={t} />}
          {campaigns.length > 1 ? (
            <CaseField id="campaign" label={t('call.campaign')}>
              {(aria) => (
                <select {...aria} name="campaign" defaultValue={campaignId}>
                  {campaigns.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {t.own(name)}
                    </option>
                  ))}
                </select>
              )}
            </CaseField>
          ) : (
            <input type="hidden" name="campaign" value={campaignId} />
          )}
          <fieldset className="call-fields">
            <legend>
              <strong>{t('call.four')}</strong>
            </legend>
            <Text {...props} field="number" hint={t('call.number.hint')} autoFocus />
            <Text {...props} field="valid" hint={t('call.valid.hint')} />
            <Text {...props} field="prefecture" />
            <Text {...props} field="shop" />
          </fieldset>
          <fieldset className="call-fields">
            <legend>
              <strong>{t('call.who')}</strong>
            </legend>
            <Text {...props} field="name" />
            <Text {...props} field="phone" mode="tel" />
            <Text {...props} field="mail" mode="email" />
          </fieldset>
          <p className="buttons">
            <button type="submit" className="button">
              {t('call.look')}
            </button>
            <a href="/admin/cases">{t('cases.all')}</a>
          </p>
        </form>
      </section>
    </>
  );
}

function Head({ t, step, script }: { t: ConsoleTexts; step: 1 | 2; script: CaseScript }) {
  return (
    <header>
      <p className="crumbs">
        <a href="/admin/cases">{t('case.crumb')}</a>
      </p>
      <div className="title-line">
        <h1>{t('call.title')}</h1>
        <span className="chip">{t(`call.step${step}`)}</span>
      </div>
      {step === 1 && (
        <blockquote className="quote" lang="ja">
          <p>{script.greeting}</p>
        </blockquote>
      )}
    </header>
  );
}

function Wrong({ t }: { t: ConsoleTexts }) {
  return (
    <p className="message fail" role="alert">
      {t('call.errors')}
    </p>
  );
}

function Text(
  props: Pick<Props, 't' | 'script' | 'typed' | 'errors'> & {
    readonly field: CallField;
    readonly hint?: string;
    readonly mode?: 'tel' | 'email';
    readonly autoFocus?: boolean;
  },
) {
  const { t, script, typed, errors, field, hint, mode, autoFocus } = props;
  const own = errors.find((each) => each.field === field);
  return (
    <CaseField
      id={`call-${field}`}
      label={t(`call.${field}`)}
      ask={script[field]}
      hint={hint}
      error={own && t(`call.no.${own.problem}`)}
      focus={own === errors[0]}
    >
      {(aria) => (
        <input
          {...aria}
          name={field}
          defaultValue={typed[field]}
          maxLength={300}
          inputMode={mode}
          spellCheck={false}
          {...(autoFocus && errors.length === 0 && { 'data-focus': '' })}
        />
      )}
    </CaseField>
  );
}

interface SecondProps extends Pick<Props, 't' | 'token' | 'campaignId' | 'script' | 'typed' | 'errors'> {
  readonly told: TypedStory;
  readonly requestKey: string;
  readonly coupon: {
    readonly inquiryNumber: string;
    readonly prefecture: string;
    readonly validUntil: Date;
    readonly held: MaskedContact | null;
    readonly payments: readonly CasePaymentView[];
    readonly agrees: Readonly<Record<SaidThing, boolean | null>>;
  } | null;
  readonly others: readonly { readonly id: string; readonly number: string; readonly state: CaseState }[];
}

/** The second step: the register beside what was said, who it is, and what happened. */
export function CallSecondPage(props: SecondProps) {
  const { t, token, campaignId, script, typed, told, errors, coupon, others, requestKey } = props;
  const story = errors.find(({ field }) => field === 'story');
  return (
    <>
      <Head t={t} step={2} script={script} />
      {others.length > 0 && (
        <div className="message time">
          <p>{t('call.others')}</p>
          <ul>
            {others.map((other) => (
              <li key={other.id}>
                <a href={`/admin/cases/${other.id}`}>{showClaimNumber(other.number)}</a>　{t(`case.state.${other.state}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <form method="post" action="/admin/cases/new" className="form wide-form" autoComplete="off">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="open" />
        <input type="hidden" name="key" value={requestKey} />
        <input type="hidden" name="campaign" value={campaignId} />
        {CALL_FIELDS.map((field) => (
          <input key={field} type="hidden" name={field} value={typed[field]} />
        ))}
        {errors.length > 0 && <Wrong t={t} />}
        <section className="card">
          <h2>{t('call.agrees')}</h2>
          {coupon ? null : <p className="message time">{t('call.unknown')}</p>}
          <SaidAgainst
            t={t}
            said={{ number: typed.number, valid: typed.valid, prefecture: typed.prefecture, shop: typed.shop }}
            coupon={coupon}
            agrees={coupon?.agrees ?? Object.fromEntries(SAID_THINGS.map((thing) => [thing, thing === 'number' ? false : null]))}
          />
          <p>
            <button type="submit" name="back" value="1" className="button quiet" formNoValidate>
              {t('call.back')}
            </button>
          </p>
        </section>
        <section className="card">
          <Identity {...props} />
        </section>
        <section className="card">
          <fieldset className="form">
            <legend>
              <strong>{t('call.kind')}</strong>
            </legend>
            <p className="ask" lang="ja">
              「{script.happened}」
            </p>
            <Mistake t={t} errors={errors} field="kind" />
            {CASE_KINDS.map((kind) => (
              <Choice key={kind} name="kind" value={kind} chosen={told.kind} label={t(`case.kind.${kind}`)} />
            ))}
          </fieldset>
          {coupon && (
            <fieldset className="form">
              <legend>
                <strong>{t('call.payments')}</strong>
              </legend>
              <p className="hint">{t('call.payments.hint')}</p>
              <CasePayments t={t} payments={coupon.payments} chosen={told.payments} />
            </fieldset>
          )}
          <CaseField
            id="call-story"
            label={t('call.story')}
            hint={t('call.story.hint')}
            error={story && t(`call.no.${story.problem}`)}
            focus={story === errors[0]}
            wide
          >
            {(aria) => <textarea {...aria} name="story" defaultValue={told.story} />}
          </CaseField>
          <blockquote className="quote" lang="ja">
            <p>{script.closing}</p>
          </blockquote>
          <p className="buttons">
            <button type="submit" className="button">
              {t('call.open')}
            </button>
          </p>
        </section>
      </form>
    </>
  );
}

function Identity({ t, script, told, errors, coupon }: SecondProps) {
  return (
    <fieldset className="form">
      <legend>
        <strong>{t('call.way')}</strong>
      </legend>
      <p className="ask" lang="ja">
        「{script.identity}」
      </p>
      <Mistake t={t} errors={errors} field="way" />
      {CALLER_WAYS.map((way) => (
        <div key={way}>
          <Choice
            name="way"
            value={way}
            chosen={told.way}
            label={t(`call.way.${way}`)}
            hint={
              way === 'call_back'
                ? coupon?.held?.phone
                  ? t('call.heldPhone', { phone: coupon.held.phone })
                  : t('call.noPhone')
                : undefined
            }
          />
          {way === 'facts' && (
            <div className="inset">
              <Mistake t={t} errors={errors} field="fact1" />
              <Mistake t={t} errors={errors} field="fact2" />
              <FactFields t={t} told={told} />
            </div>
          )}
        </div>
      ))}
    </fieldset>
  );
}

/** Two facts that a caller is asked for: which, and what they said. */
export function FactFields({ t, told }: { t: ConsoleTexts; told: Pick<TypedStory, 'fact1' | 'said1' | 'fact2' | 'said2'> }) {
  return (
    <>
      {([1, 2] as const).map((n) => (
        <div className="filters" key={n}>
          <p className="field">
            <label htmlFor={`fact${n}`}>{t('call.fact', { n })}</label>
            <select id={`fact${n}`} name={`fact${n}`} defaultValue={told[`fact${n}`]}>
              <option value="">{t('call.choose')}</option>
              {COUPON_FACTS.map((fact) => (
                <option key={fact} value={fact}>
                  {t(`call.fact.${fact}`)}
                </option>
              ))}
            </select>
          </p>
          <p className="field">
            <label htmlFor={`said${n}`}>{t('call.said')}</label>
            <input id={`said${n}`} name={`said${n}`} maxLength={254} defaultValue={told[`said${n}`]} spellCheck={false} />
          </p>
        </div>
      ))}
    </>
  );
}

function Mistake({ t, errors, field }: Pick<Props, 't' | 'errors'> & { field: string }) {
  const own = errors.find((each) => each.field === field);
  if (!own) return null;
  return (
    <p className="field-error" id={`${field}-error`} {...(own === errors[0] && { 'data-focus': '', tabIndex: -1 })}>
      {t(`call.no.${own.problem}`)}
    </p>
  );
}

function Choice(props: {
  readonly name: string;
  readonly value: CaseKind | (typeof CALLER_WAYS)[number];
  readonly chosen: string;
  readonly label: string;
  readonly hint?: string;
}) {
  const { name, value, chosen, label, hint } = props;
  const id = `${name}-${value}`;
  return (
    <p className="choice">
      <input type="radio" id={id} name={name} value={value} defaultChecked={chosen === value} />
      <label htmlFor={id}>
        {label}
        {hint && <span className="hint">　{hint}</span>}
      </label>
    </p>
  );
}
