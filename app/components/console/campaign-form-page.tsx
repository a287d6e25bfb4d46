import { NOTE_LONGEST } from '../../domain/acts';
import type { CampaignFinding } from '../../domain/campaign-check';
import type { CampaignDifference } from '../../domain/campaign-difference';
import {
  CAMPAIGN_FIELDS,
  type CampaignField,
  type CampaignSection,
  type OfferField,
  OPTIONAL_SECTIONS,
  offerFieldName,
} from '../../domain/campaign-fields';
import { type CampaignProblem, sectionName, type TypedCampaign } from '../../domain/campaign-form';
import { readWrittenTime } from '../../domain/japan-time';
import type { ConsoleTextKey, ConsoleTexts } from '../../i18n/console/texts';
import { CampaignChanges, campaignLabel } from './campaign-changes';
import { CampaignFindings } from './campaign-findings';
import { CaseField } from './case-field';
import { StepUpFields, type StepUpFieldsProps } from './step-up-fields';

export interface CampaignFormProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly title: string;
  readonly isNew: boolean;
  /** The version that is being changed. */
  readonly version: number;
  readonly providers: readonly string[];
  readonly typed: TypedCampaign;
  readonly problems?: Readonly<Record<string, CampaignProblem>>;
  /** What it comes to, once it was checked. */
  readonly checked?: {
    readonly findings: readonly CampaignFinding[];
    /** Null: it is new. */
    readonly changes: CampaignDifference | null;
    readonly needsSecond: boolean;
    /** Null: something is wrong with it as a whole. */
    readonly stepUp: Pick<StepUpFieldsProps, 'offer' | 'error' | 'minutes'> | null;
  };
  readonly note?: string;
  readonly refusal?:
    | 'not_found'
    | 'faults'
    | 'exists'
    | 'stale'
    | 'needs_second'
    | 'deadline_not_later'
    | 'busy'
    | 'proposed'
    | 'nothing_changes'
    | 'note_too_long';
  /** What others stored since this form was opened. */
  readonly theirs?: CampaignTheirs;
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
      {props.theirs && <Theirs t={t} theirs={props.theirs} />}
      <form method="post" action="/admin/campaigns/edit" className="columns" autoComplete="off">
        <div className="stack">
          <input type="hidden" name="token" value={token} />
          {!isNew && <input type="hidden" name="campaign" value={typed.id} />}
          {!isNew && <input type="hidden" name="version" value={props.version} />}
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

/** Who stored what since the form was opened. */
export interface CampaignTheirs {
  readonly versions: readonly { readonly version: number; readonly who: string; readonly at: Date; readonly note: string }[];
  /** Null: the version that this form began with was not kept. */
  readonly changes: CampaignDifference | null;
}

function Theirs({ t, theirs: { versions, changes } }: { t: ConsoleTexts; theirs: CampaignTheirs }) {
  return (
    <section className="card stack" aria-labelledby="theirs">
      <h2 id="theirs">{t('campaign.theirs')}</h2>
      <ul>
        {versions.map(({ version, who, at }) => (
          <li key={version}>{t('campaign.theirs.who', { version, who, at: t.moment(at) })}</li>
        ))}
      </ul>
      {changes && (
        <>
          <CampaignChanges t={t} {...changes} />
          <p className="hint">{t('campaign.theirs.merged')}</p>
        </>
      )}
    </section>
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
  const { findings, changes, needsSecond, stepUp } = checked;
  const changed = Object.keys(changes?.after ?? {}).length;
  return (
    <>
      <section className="card stack" tabIndex={-1} data-focus="" aria-labelledby="checked">
        <h2 id="checked">{t('campaign.checked')}</h2>
        <CampaignFindings t={t} findings={findings} />
        {changes && changed === 0 && <p>{t('campaign.unchanged')}</p>}
        {changes && changed > 0 && <CampaignChanges t={t} {...changes} />}
      </section>
      {stepUp && (isNew || changed > 0) && (
        <section className="card form">
          <CaseField id="note" label={t('campaign.note')} wide>
            {(aria) => <textarea {...aria} name="note" maxLength={NOTE_LONGEST} defaultValue={note} />}
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
        <Input
          key={field.name}
          {...props}
          name={field.name}
          label={campaignLabel(t, field.name)}
          hint={hintOf(t, field, typed[field.name])}
        />
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
      {input('place')}
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
