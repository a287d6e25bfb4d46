import { CLAIM_CORRECTIONS, type ClaimMailRefusal, type ClaimNumberRefusal } from '../../domain/claim';
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
  | { readonly act: 'mail'; readonly reason: ClaimMailRefusal; readonly typed: { readonly mail: string; readonly reason: string } }
  | {
      readonly act: 'number';
      readonly reason: ClaimNumberRefusal;
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
  const no = props.correction?.act === 'mail' ? props.correction : null;
  return (
    <Correction {...props} act="mail" no={no}>
      <RightValue t={props.t} name="mail" inputMode="email" maxLength={254} typed={no?.typed.mail} no={no} />
    </Correction>
  );
}

/** Puts an inquiry number right, or takes it out. */
export function CorrectNumber(props: Props) {
  const { t, claim, correction } = props;
  const no = correction?.act === 'number' ? correction : null;
  return (
    <Correction {...props} act="number" no={no}>
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
      <RightValue t={t} name="became" maxLength={60} typed={no?.typed.became} no={no} />
    </Correction>
  );
}

/** Where the right value is typed; a refusal for anything but the missing reason stands below it. */
function RightValue({
  t,
  name,
  typed,
  no,
  ...input
}: Pick<Props, 't'> & {
  readonly name: 'mail' | 'became';
  readonly typed: string | undefined;
  readonly no: ClaimCorrectionNo | null;
  readonly maxLength: number;
  readonly inputMode?: 'email';
}) {
  const id = `correct-${name}`;
  const bad = no !== null && no.reason !== 'reason_missing';
  const text = name === 'mail' ? 'claims.correct.newMail' : 'claims.correct.became';
  return (
    <p className="field">
      <label htmlFor={id}>{t(text)}</label>
      <input
        id={id}
        name={name}
        autoComplete="off"
        defaultValue={typed ?? ''}
        aria-invalid={bad || undefined}
        aria-describedby={bad ? `${id}-error` : `${id}-hint`}
        {...input}
      />
      <span className="hint" id={`${id}-hint`}>
        {t(`${text}.hint`)}
      </span>
      {bad && (
        <span className="field-error" id={`${id}-error`}>
          {t(`claims.no.${no.reason}` as 'claims.no.mail_malformed')}
        </span>
      )}
    </p>
  );
}

function Correction({
  t,
  token,
  claim,
  act,
  no,
  children,
}: Props & { readonly act: 'mail' | 'number'; readonly no: ClaimCorrectionNo | null; readonly children: React.ReactNode }) {
  const id = `correct-${act}-reason`;
  const reasonMissing = no?.reason === 'reason_missing';
  return (
    <details className="rare" open={no !== null}>
      <summary>{t(`claims.correct.${act}`)}</summary>
      <form method="post" action={`/admin/claims/${claim.id}`} className="form">
        <input type="hidden" name="token" value={token} />
        {children}
        <p className="field">
          <label htmlFor={id}>{t('claims.reason')}</label>
          <select
            id={id}
            name="reason"
            defaultValue={no?.typed.reason ?? ''}
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
