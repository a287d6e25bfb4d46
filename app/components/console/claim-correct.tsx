import { CLAIM_CORRECTIONS } from '../../domain/claim';
import type { ConsoleTexts } from '../../i18n/console/texts';

/** What staff put right in a claim before. */
export interface ClaimCorrection {
  readonly what: 'mail' | 'proof' | 'number';
  readonly was: string | null;
  readonly became: string | null;
  readonly reason: string;
  readonly at: Date;
  readonly by: string;
}

/** Why a correction was not made, with what was typed. */
export type ClaimCorrectionNo =
  | {
      readonly act: 'mail';
      readonly reason: 'not_found' | 'proposed' | 'wrong_state' | 'reason_missing' | 'mail_malformed' | 'mail_going' | 'too_many_today';
      readonly typed: { readonly mail: string; readonly reason: string };
    }
  | {
      readonly act: 'number';
      readonly reason:
        | 'not_found'
        | 'proposed'
        | 'wrong_state'
        | 'reason_missing'
        | 'number_unknown'
        | 'number_malformed'
        | 'number_twice'
        | 'number_last';
      readonly typed: { readonly was: string; readonly became: string; readonly reason: string };
    };

interface Props {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly claim: { readonly id: string; readonly coupons: readonly { readonly inquiryNumber: string }[] };
  readonly correction: ClaimCorrectionNo | null;
}

/** Sends the proof of an address again, to the same or to the right one. */
export function CorrectMail(props: Props) {
  const { t, correction } = props;
  const no = correction?.act === 'mail' ? correction : null;
  const bad = no !== null && no.reason !== 'reason_missing';
  return (
    <Correction {...props} act="mail" open={no !== null} reason={no?.typed.reason ?? ''} reasonMissing={no?.reason === 'reason_missing'}>
      <p className="field">
        <label htmlFor="correct-mail">{t('claims.correct.newMail')}</label>
        <input
          id="correct-mail"
          name="mail"
          inputMode="email"
          autoComplete="off"
          maxLength={254}
          defaultValue={no?.typed.mail ?? ''}
          aria-invalid={bad || undefined}
          aria-describedby={bad ? 'correct-mail-error' : 'correct-mail-hint'}
        />
        <span className="hint" id="correct-mail-hint">
          {t('claims.correct.newMail.hint')}
        </span>
        {bad && (
          <span className="field-error" id="correct-mail-error">
            {t(`claims.no.${no.reason}` as 'claims.no.mail_malformed')}
          </span>
        )}
      </p>
    </Correction>
  );
}

/** Puts an inquiry number right, or takes it out. */
export function CorrectNumber(props: Props) {
  const { t, claim, correction } = props;
  const no = correction?.act === 'number' ? correction : null;
  const bad = no !== null && no.reason !== 'reason_missing';
  return (
    <Correction {...props} act="number" open={no !== null} reason={no?.typed.reason ?? ''} reasonMissing={no?.reason === 'reason_missing'}>
      <p className="field">
        <label htmlFor="correct-was">{t('claims.correct.was')}</label>
        <select id="correct-was" name="was" defaultValue={no?.typed.was}>
          {claim.coupons.map(({ inquiryNumber }) => (
            <option key={inquiryNumber} value={inquiryNumber}>
              {inquiryNumber}
            </option>
          ))}
        </select>
      </p>
      <p className="field">
        <label htmlFor="correct-became">{t('claims.correct.became')}</label>
        <input
          id="correct-became"
          name="became"
          autoComplete="off"
          maxLength={60}
          defaultValue={no?.typed.became ?? ''}
          aria-invalid={bad || undefined}
          aria-describedby={bad ? 'correct-became-error' : 'correct-became-hint'}
        />
        <span className="hint" id="correct-became-hint">
          {t('claims.correct.became.hint')}
        </span>
        {bad && (
          <span className="field-error" id="correct-became-error">
            {t(`claims.no.${no.reason}` as 'claims.no.number_malformed')}
          </span>
        )}
      </p>
    </Correction>
  );
}

function Correction({
  t,
  token,
  claim,
  act,
  open,
  reason,
  reasonMissing,
  children,
}: Props & { act: 'mail' | 'number'; open: boolean; reason: string; reasonMissing: boolean; children: React.ReactNode }) {
  const id = `correct-${act}-reason`;
  return (
    <details className="rare" open={open}>
      <summary>{t(`claims.correct.${act}`)}</summary>
      <form method="post" action={`/admin/claims/${claim.id}`} className="form">
        <input type="hidden" name="token" value={token} />
        {children}
        <p className="field">
          <label htmlFor={id}>{t('claims.reason')}</label>
          <select
            id={id}
            name="reason"
            defaultValue={reason}
            aria-invalid={reasonMissing || undefined}
            aria-describedby={reasonMissing ? `${id}-error` : undefined}
          >
            <option value="">{t('claims.reason.choose')}</option>
            {CLAIM_CORRECTIONS.map((each) => (
              <option key={each} value={each}>
                {t(`claims.correction.${each}`)}
              </option>
            ))}
          </select>
          {reasonMissing && (
            <span className="field-error" id={`${id}-error`}>
              {t('claims.no.reason_missing')}
            </span>
          )}
        </p>
        <div className="buttons">
          <button type="submit" name="act" value={act} className="button quiet">
            {t(`claims.correct.${act}.press`)}
          </button>
        </div>
      </form>
    </details>
  );
}

/** What staff put right, for whoever reviews and approves. */
export function ClaimCorrections({ t, corrections }: { readonly t: ConsoleTexts; readonly corrections: readonly ClaimCorrection[] }) {
  if (corrections.length === 0) return null;
  return (
    <section className="card stack">
      <h2>{t('claims.corrections')}</h2>
      <ul className="lines">
        {corrections.map(({ what, was, became, reason, at, by }) => (
          <li key={`${at.getTime()} ${what} ${was}`}>
            {t.moment(at)} {by}{' '}
            {what === 'number'
              ? t(became === null ? 'claims.corrected.removed' : 'claims.corrected.number', { was: was ?? '', became: became ?? '' })
              : t(`claims.corrected.${what}`)}{' '}
            {t('claims.corrected.why', { why: t(`claims.correction.${reason as 'other'}`) })}
          </li>
        ))}
      </ul>
    </section>
  );
}
