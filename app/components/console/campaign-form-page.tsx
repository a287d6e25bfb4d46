import type { CampaignFinding } from '../../domain/campaign-check';
import {
  CAMPAIGN_FIELDS,
  type CampaignField,
  type CampaignSection,
  OFFER_FIELDS,
  type OfferField,
  OPTIONAL_SECTIONS,
  offerFieldName,
} from '../../domain/campaign-fields';
import { type CampaignProblem, sectionName, type TypedCampaign } from '../../domain/campaign-form';
import { readWrittenTime } from '../../domain/japan-time';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { actName } from './approval-state';
import { CampaignFindings } from './campaign-findings';
import { CaseField } from './case-field';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';

export interface CampaignFormProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly title: string;
  readonly isNew: boolean;
  readonly providers: readonly string[];
  readonly typed: TypedCampaign;
  readonly problems?: Readonly<Record<string, CampaignProblem>>;
  /** What it comes to, once it was checked. */
  readonly checked?: {
    readonly findings: readonly CampaignFinding[];
    readonly before: TypedCampaign | null;
    readonly after: TypedCampaign;
    readonly needsSecond: boolean;
    /** Null: something is wrong with it as a whole. */
    readonly stepUp: Pick<StepUpFieldsProps, 'offer' | 'error' | 'minutes'> | null;
  };
  readonly note?: string;
  readonly refusal?: 'not_found' | 'faults' | 'exists' | 'needs_second' | 'deadline_not_later' | 'proposed' | 'note_too_long';
}

const SECTIONS: readonly CampaignSection[] = ['office', 'dates', 'incident', 'coupon', 'claims', 'app', 'claim', 'limits', 'alone'];

/** A programme in one form: what it is, its dates, limits and offers. Checked first, then stored. */
export function CampaignFormPage(props: CampaignFormProps) {
  const { t, token, title, isNew, typed, problems = {}, checked, refusal } = props;
  const wrong = Object.keys(problems).length;
  return (
    <>
      <header>
        <p className="crumbs">
          <a href="/admin/campaigns">{t('campaigns.title')}</a>
        </p>
        <h1>{title}</h1>
        <p className="hint">{t('campaign.lead')}</p>
      </header>
      {wrong > 0 && (
        <p className="message fail" role="alert" tabIndex={-1} data-focus="">
          {t('campaign.wrong', { count: wrong })}
        </p>
      )}
      {refusal && (
        <p className="message fail" role="alert" tabIndex={-1} data-focus="">
          {t(`campaign.no.${refusal}`)}
        </p>
      )}
      <form method="post" action="/admin/campaigns/edit" className="columns" autoComplete="off">
        <div className="stack">
          <input type="hidden" name="token" value={token} />
          {!isNew && <input type="hidden" name="campaign" value={typed.id} />}
          {isNew && (
            <section className="card form">
              <Input {...props} name="id" label={t('campaigns.id')} hint={t('campaign.id.hint')} />
            </section>
          )}
          {SECTIONS.map((section) => (
            <Section key={section} {...props} section={section} />
          ))}
          {props.providers.map((provider) => (
            <Offer key={provider} {...props} provider={provider} />
          ))}
        </div>
        <div className="stack beside">{checked ? <Checked {...props} checked={checked} /> : <Check t={t} first />}</div>
      </form>
    </>
  );
}

function Check({ t, first }: { t: ConsoleTexts; first: boolean }) {
  return (
    <section className="card stack">
      {first && <p className="hint">{t('campaign.check.lead')}</p>}
      <button type="submit" name="act" value="check" className={first ? 'button' : 'button quiet'}>
        {t(first ? 'campaign.check' : 'campaign.checkAgain')}
      </button>
    </section>
  );
}

function Checked({ t, isNew, checked, note = '' }: CampaignFormProps & { checked: NonNullable<CampaignFormProps['checked']> }) {
  const { findings, before, after, needsSecond, stepUp } = checked;
  const changed = Object.keys(after).filter((name) => before && before[name] !== after[name]);
  return (
    <>
      <section className="card stack" tabIndex={-1} data-focus="" aria-labelledby="checked">
        <h2 id="checked">{t('campaign.checked')}</h2>
        <CampaignFindings t={t} findings={findings} />
        {before && changed.length === 0 && <p>{t('campaign.unchanged')}</p>}
        {before && changed.length > 0 && (
          <table className="changes">
            <thead>
              <tr>
                <th scope="col">{t('approval.item')}</th>
                <th scope="col">{t('approval.before')}</th>
                <th scope="col">{t('approval.after')}</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((name) => (
                <tr key={name}>
                  <th scope="row">{labelOf(t, name)}</th>
                  <td>{before[name] || '―'}</td>
                  <td>
                    <strong>{after[name] || '―'}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {stepUp && (isNew || changed.length > 0) && (
        <section className="card form">
          <CaseField id="note" label={t('campaign.note')} wide>
            {(aria) => <textarea {...aria} name="note" maxLength={500} defaultValue={note} />}
          </CaseField>
          <StepUpFields t={t} {...stepUp} act={t(isNew ? 'campaign.new' : 'campaign.edit')} />
          <p className="hint">{t(needsSecond ? 'campaign.two' : 'campaign.alone')}</p>
          <button type="submit" name="act" value="save" className="button">
            {t(needsSecond ? 'campaign.propose' : isNew ? 'campaign.create' : 'campaign.save')}
          </button>
        </section>
      )}
      <Check t={t} first={false} />
    </>
  );
}

function Section(props: CampaignFormProps & { section: CampaignSection }) {
  const { t, section, typed } = props;
  const fields = CAMPAIGN_FIELDS.filter((field) => field.section === section);
  const switchable = section in OPTIONAL_SECTIONS;
  return (
    <fieldset className="card form dense">
      <legend>{t(`campaign.section.${section}`)}</legend>
      {switchable && (
        <p className="choice">
          <input
            type="checkbox"
            id={sectionName(section)}
            name={sectionName(section)}
            value="1"
            defaultChecked={typed[sectionName(section)] === '1'}
          />
          <label htmlFor={sectionName(section)}>{t('campaign.has')}</label>
        </p>
      )}
      {section === 'alone' && <p className="hint">{t('campaign.alone.hint')}</p>}
      {fields.map((field) => (
        <Input key={field.name} {...props} name={field.name} label={labelOf(t, field.name)} hint={hintOf(t, field, typed[field.name])} />
      ))}
    </fieldset>
  );
}

function Offer(props: CampaignFormProps & { provider: string }) {
  const { t, provider, typed } = props;
  const name = (field: OfferField) => offerFieldName(provider, field);
  const input = (field: OfferField, hint?: string) => (
    <Input {...props} name={name(field)} label={t(`campaign.offer.${field}` as ConsoleTextKey)} hint={hint} />
  );
  const choice = (field: 'kind' | 'source', values: readonly string[]) => (
    <CaseField id={name(field)} label={t(`campaign.offer.${field}`)}>
      {(aria) => (
        <select {...aria} name={name(field)} defaultValue={typed[name(field)]}>
          {values.map((value) => (
            <option key={value} value={value}>
              {t(`campaign.offer.${field}.${value}` as ConsoleTextKey)}
            </option>
          ))}
        </select>
      )}
    </CaseField>
  );
  return (
    <fieldset className="card form dense">
      <legend>{t('campaign.offer', { provider: typed[name('ja')] || provider })}</legend>
      <p className="choice">
        <input type="checkbox" id={name('on')} name={name('on')} value="1" defaultChecked={typed[name('on')] === '1'} />
        <label htmlFor={name('on')}>{t('campaign.offer.on')}</label>
      </p>
      {input('ja')}
      {input('en')}
      {choice('kind', ['range', 'fixed'])}
      {input('min')}
      {input('max')}
      {input('step')}
      {input('faces', t('campaign.offer.faces.hint'))}
      {input('most')}
      {choice('source', ['api', 'stock'])}
    </fieldset>
  );
}

function Input({ t, typed, problems = {}, name, label, hint }: CampaignFormProps & { name: string; label: string; hint?: string }) {
  const problem = problems[name];
  return (
    <CaseField id={name} label={label} hint={hint} error={problem && t(`campaign.problem.${problem}`)} wide>
      {(aria) => <input {...aria} name={name} defaultValue={typed[name] ?? ''} maxLength={2_000} spellCheck={false} />}
    </CaseField>
  );
}

/** A moment is repeated with its weekday: nobody mistakes a date that says Wednesday. */
function hintOf(t: ConsoleTexts, { kind, optional }: CampaignField, value: string | undefined): string | undefined {
  const read = (kind === 'moment' || kind === 'day') && value ? readWrittenTime(value) : null;
  const shown = read && (kind === 'moment' ? t.moment(read.at) : t.day(read.at));
  const parts = [shown, optional && t('campaign.optional')].filter(Boolean);
  return parts.length > 0 ? parts.join('　') : undefined;
}

function labelOf(t: ConsoleTexts, name: string): string {
  if (name === 'id') return t('campaigns.id');
  if (name.startsWith('alone_')) return actName(t, name.slice('alone_'.length));
  if (name.startsWith('has_')) return t(`campaign.section.${name.slice('has_'.length)}` as ConsoleTextKey);
  const offer = OFFER_FIELDS.find((field) => name.startsWith('offer_') && name.endsWith(`_${field}`));
  if (offer) return `${name.slice('offer_'.length, -offer.length - 1)}：${t(`campaign.offer.${offer}` as ConsoleTextKey)}`;
  return t(`campaign.field.${name.replace(/^(?:app|claim)_/, '')}` as ConsoleTextKey);
}
