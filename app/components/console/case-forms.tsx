import type { ReactNode } from 'react';
import { CASE_ASKS, CASE_REFUSALS, type CaseState, mayCaseGo, SHOP_ANSWERS, type ShopAnswer } from '../../domain/case';
import type { CaseProposal } from '../../domain/case-decision';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { FactFields } from './call-page';
import { CaseField } from './case-field';

/** What the forms of a case need to know, and what came of the last try. */
export interface CaseFormsView {
  readonly id: string;
  readonly state: CaseState;
  readonly mine: boolean;
  readonly identified: boolean;
  readonly hasCoupon: boolean;
  readonly heldPhone: string | null;
  readonly shopAnswer: ShopAnswer | null;
  readonly proposal: CaseProposal;
  readonly waiting: boolean;
}

/** What was typed at the last try, and why it was not taken. */
export interface CaseTried {
  readonly act: string;
  readonly reason:
    | 'not_found'
    | 'not_now'
    | 'reason_missing'
    | 'text_missing'
    | 'text_too_long'
    | 'identity_wrong'
    | 'too_many_today'
    | 'not_held'
    | 'coupon_unknown'
    | 'proposed';
  readonly field?: string;
  readonly typed: Readonly<Record<string, string>>;
}

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly view: CaseFormsView;
  readonly tried: CaseTried | null;
  readonly may: { readonly work: boolean; readonly refuse: boolean };
}

/** What can be done with a case now: first what the rule proposes, the rest folded below. */
export function CaseForms(props: Props) {
  const { t, view, may, tried } = props;
  const { state, proposal } = view;
  const can = (to: CaseState) => mayCaseGo(state, to) && !view.waiting;
  const open = (act: string, first: boolean) => first || tried?.act === act;
  return (
    <section className="card" aria-labelledby="acts">
      <h2 id="acts">{t('case.acts')}</h2>
      {tried && (
        <p className="message fail" role="alert" tabIndex={-1} data-focus="">
          {t(`case.no.${tried.reason}`)}
        </p>
      )}
      {may.work && state !== 'done' && (state === 'received' || !view.mine) && (
        <Plain {...props} act="take" label={t(state === 'received' ? 'case.act.take' : 'case.act.takeOver')} first={state === 'received'} />
      )}
      {may.work && !view.identified && view.hasCoupon && !['refused', 'done', 'approved'].includes(state) && (
        <Folded {...props} act="identify" open={open('identify', proposal.kind === 'ask_more' && proposal.what === 'identity')}>
          <FactFields t={t} told={factsOf(tried)} />
          {view.heldPhone && (
            <p className="choice">
              <input type="checkbox" id="call-back" name="way" value="call_back" />
              <label htmlFor="call-back">
                {t('case.callBack')}
                <span className="hint">　{t('call.heldPhone', { phone: view.heldPhone })}</span>
              </label>
            </p>
          )}
        </Folded>
      )}
      {may.work && can('asking_shop') && (
        <Folded {...props} act="ask_shop" open={open('ask_shop', proposal.kind === 'ask_shop')} words="case.words" />
      )}
      {may.work && (state === 'asking_shop' || state === 'checking') && !view.waiting && (
        <Folded {...props} act="shop_answer" open={open('shop_answer', state === 'asking_shop')} words="case.words.shop">
          <Pick {...props} name="answer" label={t('case.shop')} options={SHOP_ANSWERS.map((each) => [each, t(`case.shop.${each}`)])} />
        </Folded>
      )}
      {may.work && can('more_needed') && (
        <Folded {...props} act="ask_more" open={open('ask_more', proposal.kind === 'ask_more' && state === 'checking')} words="case.words">
          <Pick
            {...props}
            name="reason"
            label={t('case.askWhat')}
            value={proposal.kind === 'ask_more' ? proposal.what : ''}
            options={CASE_ASKS.map((each) => [each, t(`case.askName.${each}`)])}
          />
        </Folded>
      )}
      {may.work && state !== 'received' && can('checking') && (
        <Folded {...props} act="check_again" open={open('check_again', state === 'more_needed')} words="case.words" />
      )}
      {may.refuse && can('refused') && (
        <Folded {...props} act="refuse" open={open('refuse', proposal.kind === 'refuse')} words="case.words" danger>
          <Pick
            {...props}
            name="reason"
            label={t('case.why')}
            value={proposal.kind === 'refuse' ? proposal.reason : ''}
            options={CASE_REFUSALS.map((each) => [each, t(`case.refusalName.${each}`)])}
          />
        </Folded>
      )}
      {may.work && can('done') && <Folded {...props} act="close" open words="case.words" />}
      {may.work && <Folded {...props} act="note" open={open('note', false)} words="case.words" />}
    </section>
  );
}

function factsOf(tried: CaseTried | null) {
  const typed = tried?.act === 'identify' ? tried.typed : {};
  return { fact1: typed.fact1 ?? '', said1: typed.said1 ?? '', fact2: typed.fact2 ?? '', said2: typed.said2 ?? '' };
}

type FormAct = 'take' | 'identify' | 'ask_shop' | 'shop_answer' | 'ask_more' | 'check_again' | 'refuse' | 'close' | 'note';

function Plain({ t: _t, token, view, act, label, first }: Props & { act: FormAct; label: string; first: boolean }) {
  return (
    <form method="post" action={`/admin/cases/${view.id}?index`} className="form">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="act" value={act} />
      <button type="submit" className={first ? 'button' : 'button quiet'}>
        {label}
      </button>
    </form>
  );
}

function Folded(
  props: Props & { act: FormAct; open: boolean; words?: 'case.words' | 'case.words.shop'; danger?: boolean; children?: ReactNode },
) {
  const { t, token, view, act, open, words, danger, tried, children } = props;
  const label = t(`case.act.${act === 'take' ? 'take' : act}`);
  const own = tried?.act === act ? tried : null;
  const wrong = own?.field === 'body' ? own.reason : null;
  return (
    <details open={open} className="rare">
      <summary>{label}</summary>
      <form method="post" action={`/admin/cases/${view.id}?index`} className="form" autoComplete="off">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value={act} />
        {children}
        {words && (
          <CaseField id={`${act}-body`} label={t(words)} hint={t('case.words.hint')} error={wrong ? t(`case.no.${wrong}`) : undefined} wide>
            {(aria) => <textarea {...aria} name="body" maxLength={1_000} defaultValue={own?.typed.body ?? ''} />}
          </CaseField>
        )}
        <button type="submit" className={danger ? 'button danger' : open ? 'button' : 'button quiet'}>
          {label}
        </button>
      </form>
    </details>
  );
}

function Pick(
  props: Props & {
    readonly name: 'answer' | 'reason';
    readonly label: string;
    readonly value?: string;
    readonly options: readonly (readonly [string, string])[];
  },
) {
  const { t, tried, name, label, value = '', options } = props;
  const wrong = tried?.field === name ? tried.reason : null;
  const id = `${name}-${options.length}`;
  return (
    <CaseField id={id} label={label} error={wrong ? t(`case.no.${wrong}`) : undefined}>
      {(aria) => (
        <select {...aria} name={name} defaultValue={tried?.typed[name] || value}>
          <option value="">{t('call.choose')}</option>
          {options.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      )}
    </CaseField>
  );
}
