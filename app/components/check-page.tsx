import type { CheckProblem, CheckVerdict, PublishedSender, TypedCheck } from '../domain/message-check';
import type { Texts } from '../i18n/texts';
import { BrokenAddress } from './broken-address';
import { ClaimField } from './claim/field';
import { ErrorSummary } from './error-summary';
import { HelpBox } from './help-box';

interface Props {
  t: Texts;
  token: string;
  /** What our links begin with. */
  host: string;
  typed: TypedCheck;
  problems: readonly CheckProblem[];
  verdict: CheckVerdict | null;
  busy: boolean;
  senders: readonly PublishedSender[];
}

const TONES = { ours: 'done', other_number: 'wait', other_sender: 'stop', not_ours: 'stop' } as const satisfies Record<
  CheckVerdict,
  string
>;
const FIELDS = ['sender', 'phrase', 'arrived'] as const;

/** Whether a message is ours: the answer first, then the question, then who we are. */
export function CheckPage({ t, token, host, typed, problems, verdict, busy, senders }: Props) {
  const errorOf = (field: CheckProblem['field']) => {
    const found = problems.find((problem) => problem.field === field);
    if (found) return t(`check.${field}.${found.problem}`);
    return busy && field === 'sender' ? t('check.busy') : undefined;
  };
  const errors = FIELDS.flatMap((field) => {
    const text = errorOf(field);
    return text ? [{ field, text }] : [];
  });
  return (
    <>
      {errors.length > 0 && <ErrorSummary t={t} errors={errors} />}
      {verdict && <Verdict t={t} verdict={verdict} host={host} />}
      {verdict ? <h2>{t('check.again')}</h2> : <h1>{t('check.title')}</h1>}
      {!verdict && <p className="quiet">{t('check.lead')}</p>}
      <form method="post" action="/check" noValidate>
        <input type="hidden" name="token" value={token} />
        <section className="card">
          {FIELDS.map((field) => (
            <ClaimField
              key={field}
              t={t}
              id={field}
              name={field}
              label={t(`check.${field}`)}
              hint={t(`check.${field}.hint`)}
              typed={typed[field]}
              error={errorOf(field)}
            />
          ))}
        </section>
        <div className="bar still">
          <button type="submit" className="button">
            {t('check.submit')}
          </button>
        </div>
      </form>
      <section className="spaced">
        <h2>{t('check.senders')}</h2>
        {senders.map((one) => (
          <dl className="card facts" key={one.id}>
            {(
              [
                ['check.programme', t.own(one.name)],
                ['check.mail', [one.senders.mail, ...(one.senders.reminderMail ? [one.senders.reminderMail] : [])].join(', ')],
                ['check.sms', one.senders.sms],
              ] as const
            ).map(([what, value]) => (
              <div key={what}>
                <dt>{t(what)}</dt>
                <dd>
                  <BrokenAddress text={value} />
                </dd>
              </div>
            ))}
          </dl>
        ))}
        <p>{t('check.host', { host })}</p>
        <p>{t('check.never')}</p>
      </section>
      <HelpBox t={t} offices={senders} />
    </>
  );
}

function Verdict({ t, verdict, host }: { t: Texts; verdict: CheckVerdict; host: string }) {
  return (
    <section className={`card notice ${TONES[verdict]}`} role="status">
      <h1>{t(`check.${verdict}.title`)}</h1>
      <p>{t(`check.${verdict}.what`)}</p>
      <p>{t(`check.${verdict}.act`, { host })}</p>
    </section>
  );
}
