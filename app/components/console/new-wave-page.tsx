import type { ReactNode } from 'react';
import { reachIntoNight } from '../../domain/message';
import { SENDING_GROUPS, WAVE_PURPOSES, type WavePlan } from '../../domain/wave';
import type { PlanField, PlanProblem, TypedPlan } from '../../domain/wave-plan';
import type { ConsoleTexts } from '../../i18n/console/texts';

interface Preview {
  readonly people: number;
  readonly messages: { readonly mail: number; readonly sms: number };
  readonly smsSegments: number;
  readonly smsYen: number | null;
  readonly leftOut: Readonly<Record<(typeof OUT)[number], number>>;
  readonly domains: readonly { readonly domain: string; readonly messages: number }[];
  readonly reminderDays: readonly string[] | null;
  readonly endsAt: Date | null;
}

export interface NewWaveProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly campaign: { readonly id: string; readonly name: string };
  /** The days of reminders that this programme still has. */
  readonly reminderDays: readonly string[];
  /** What the channels take in an hour; null: not known. */
  readonly channelPerHour: number | null;
  readonly typed: TypedPlan;
  readonly problems?: readonly PlanProblem[];
  /** What the plan would come to, once it was counted. */
  readonly preview?: Preview;
  readonly plan?: WavePlan;
}

const OUT = ['invited', 'finished', 'late', 'frozen', 'opted_out', 'no_address', 'unreadable'] as const;

/** Planning a wave: the form, then what it comes to; only then can it be made. */
export function NewWavePage(props: NewWaveProps) {
  const { t, token, campaign, preview } = props;
  return (
    <>
      <header className="stack">
        <p>
          <a href={`/admin/waves?${new URLSearchParams({ campaign: campaign.id })}`}>{t('nav.waves')}</a>
        </p>
        <h1>{t('waves.new.title')}</h1>
        <p>{campaign.name}</p>
        <p className="hint">{t('waves.new.lead')}</p>
      </header>
      <form method="post" action="/admin/waves/new" className="side-by-side">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="campaign" value={campaign.id} />
        <Fields {...props} />
        {preview && <Result {...props} preview={preview} />}
      </form>
    </>
  );
}

function Fields(props: NewWaveProps) {
  const { t, typed } = props;
  const text = (name: PlanField, more: { type?: string; inputMode?: 'numeric'; hint?: string } = {}) => (
    <Field {...props} name={name} hint={more.hint}>
      {(aria) => (
        <input {...aria} name={name} type={more.type ?? 'text'} inputMode={more.inputMode} defaultValue={typed[name]} maxLength={2_000} />
      )}
    </Field>
  );
  return (
    <section className="card stack">
      <Field {...props} name="group">
        {(aria) => (
          <select {...aria} name="group" defaultValue={typed.group}>
            {SENDING_GROUPS.map((group) => (
              <option key={group} value={group}>
                {t(`waves.group.${group}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        {...props}
        name="purpose"
        hint={
          props.reminderDays.length > 0
            ? t('waves.new.purpose.hint', { days: listDays(t, props.reminderDays) })
            : t('waves.new.purpose.none')
        }
      >
        {(aria) => (
          <select {...aria} name="purpose" defaultValue={typed.purpose}>
            {WAVE_PURPOSES.map((purpose) => (
              <option key={purpose} value={purpose}>
                {t(`waves.purpose.${purpose}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="pair">
        {text('from', { type: 'date' })}
        {text('until', { type: 'date' })}
      </div>
      <div className="pair">
        {text('first', { inputMode: 'numeric' })}
        {text('end', { inputMode: 'numeric' })}
      </div>
      {text('perHour', { inputMode: 'numeric', hint: t('waves.new.perHour.hint') })}
      {text('domains', { hint: t('waves.new.domains.hint') })}
      {text('warmUp', { hint: t('waves.new.warmUp.hint') })}
      <div className="buttons">
        <button type="submit" name="act" value="preview" className={props.preview ? 'button quiet' : 'button'}>
          {t('waves.new.count')}
        </button>
      </div>
    </section>
  );
}

function Field({
  t,
  name,
  hint,
  problems = [],
  children,
}: Pick<NewWaveProps, 't' | 'problems'> & {
  name: PlanField;
  hint?: string;
  children: (aria: { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }) => ReactNode;
}) {
  const problem = problems.find(({ field }) => field === name)?.problem;
  const about = [hint && `${name}-hint`, problem && `${name}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={name}>{t(`waves.new.${name}`)}</label>
      {hint && (
        <span className="hint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      {children({ id: name, ...(problem ? { 'aria-invalid': true } : {}), ...(about ? { 'aria-describedby': about } : {}) })}
      {problem && (
        <span className="field-error" id={`${name}-error`}>
          {t(`waves.new.wrong.${problem}`)}
        </span>
      )}
    </div>
  );
}

function Result({ t, preview, plan, channelPerHour }: NewWaveProps & { preview: Preview }) {
  const count = (n: number) => n.toLocaleString('en');
  const isTimed = channelPerHour !== null || (plan !== undefined && (plan.perHour !== null || plan.warmUp.length > 0));
  const days = preview.reminderDays;
  const isEmpty = preview.messages.mail + preview.messages.sms === 0;
  const ends: [string, string] = [
    days === null ? t('waves.new.ends') : t('waves.new.rounds.ends'),
    preview.endsAt ? t.moment(preview.endsAt) : isTimed ? t('waves.new.ends.never') : t('waves.new.ends.open'),
  ];
  const rows: [string, string][] = [
    [t('waves.new.people'), t('frame.people', { count: preview.people })],
    [t('waves.new.mail'), count(preview.messages.mail)],
    [t('waves.new.sms'), count(preview.messages.sms)],
    ...(preview.messages.sms > 0 ? [[t('waves.new.segments'), count(preview.smsSegments)] as [string, string]] : []),
    ...(preview.smsYen === null ? [] : [[t('waves.new.cost'), t.yen(preview.smsYen)] as [string, string]]),
    ...(days === null
      ? []
      : [[t('waves.new.rounds'), days.length > 0 ? listDays(t, days) : t('waves.reminders.none')] as [string, string]]),
    ...(isEmpty || days?.length === 0 ? [] : [ends]),
  ];
  return (
    <section className="card stack" aria-labelledby="result" data-focus="" tabIndex={-1}>
      <h2 id="result">{t('waves.new.result')}</h2>
      <Facts rows={rows} />
      {plan && reachIntoNight(plan.hours) && (
        <p className="message time">{t('waves.new.night', { first: plan.hours.firstHour, end: plan.hours.endHour })}</p>
      )}
      {days !== null && days.length > 1 && !isEmpty && <Rounds t={t} preview={preview} rounds={days.length} />}
      {preview.messages.sms > 0 && preview.smsYen === null && <p className="hint">{t('waves.new.cost.unset')}</p>}
      <h3>{t('waves.new.leftOut')}</h3>
      <Facts rows={OUT.map((reason) => [t(`waves.new.out.${reason}`), count(preview.leftOut[reason])])} />
      {preview.domains.length > 0 && (
        <>
          <h3>{t('waves.new.domainsOf')}</h3>
          <Facts rows={preview.domains.map(({ domain, messages }) => [domain, count(messages)])} />
        </>
      )}
      <p className="hint">{t('waves.new.plan.hint')}</p>
      <div className="buttons">
        <button type="submit" name="act" value="plan" className="button">
          {t('waves.new.plan')}
        </button>
      </div>
    </section>
  );
}

/** What is counted is one round; this is what all of them can come to. */
function Rounds({ t, preview: { messages, smsSegments, smsYen }, rounds }: { t: ConsoleTexts; preview: Preview; rounds: number }) {
  return (
    <p className="message time">
      {t('waves.new.rounds.all', { rounds, messages: rounds * (messages.mail + messages.sms), segments: rounds * smsSegments })}{' '}
      {smsYen !== null && t('waves.new.rounds.cost', { yen: t.yen(rounds * smsYen) })}
    </p>
  );
}

function listDays(t: ConsoleTexts, days: readonly string[]): string {
  return days.map((day) => t.shortDay(day)).join(t.language === 'ja' ? '、' : ', ');
}

function Facts({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="facts">
      {rows.map(([what, value]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
