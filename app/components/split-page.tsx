import { lastMoment } from '../domain/deadline';
import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import { AmountCard } from './amount-card';
import { type CardOffer, unitOf } from './choice-card';
import { ErrorSummary } from './error-summary';
import type { ProviderFace } from './provider-face';
import { Steps } from './steps';
import { Tile } from './tile';

/** One way to receive, with what was typed for it. */
export interface SplitRow {
  readonly face: ProviderFace;
  readonly offer: CardOffer;
  readonly typed: string;
  readonly error: string | null;
}

interface Props {
  t: Texts;
  token: string;
  grant: { readonly residualYen: Yen; readonly deadlineAt: Date; readonly daysLeft: number };
  rows: readonly SplitRow[];
  /** What is wrong with the whole. */
  error: string | null;
  /** What is left over; negative when too much was given away. */
  restYen: Yen;
}

/** The residual over several ways, with what is left over always in sight. */
export function SplitPage({ t, token, grant, rows, error, restYen }: Props) {
  const errors = rows.flatMap(({ face, error: text }) => (text ? [{ field: `y-${face.id}`, text }] : []));
  if (error) errors.push({ field: 'rest', text: error });
  return (
    <>
      <Steps t={t} current={1} />
      {errors.length > 0 && <ErrorSummary t={t} errors={errors} />}
      <h1>{t('split.title')}</h1>
      <p className="quiet">{t('split.lead')}</p>
      <AmountCard t={t} {...grant} />
      <form method="post" action="/receive/split" noValidate data-split={String(grant.residualYen)}>
        <input type="hidden" name="token" value={token} />
        {/* Enter in a field checks the sum; it never goes on by itself. */}
        <button type="submit" className="unseen" name="act" value="recalculate" tabIndex={-1} aria-hidden="true" />
        {rows.map((row) => (
          <Row key={row.face.id} t={t} residualYen={grant.residualYen} {...row} />
        ))}
        <div className="bar">
          <Rest t={t} yen={restYen} until={t.day(lastMoment(grant.deadlineAt))} />
          <button type="submit" className="button second plain" name="act" value="recalculate" data-hide="">
            {t('split.recalculate')}
          </button>
          <button type="submit" className="button" name="act" value="confirm">
            {t('split.submit')}
          </button>
        </div>
      </form>
      <p>
        <a className="more" href="/receive">
          {t('split.back')}
        </a>
      </p>
    </>
  );
}

function Row({ t, residualYen, face, offer, typed, error }: SplitRow & { t: Texts; residualYen: Yen }) {
  const id = `y-${face.id}`;
  const label = t.own(face.label);
  if (offer.paused) {
    return (
      <div className="choice off">
        <Tile face={face} />
        <div>
          <p className="name">{label}</p>
          <p className="why">{offer.pauseNote ? t.own(offer.pauseNote) : t('choose.offPaused')}</p>
        </div>
      </div>
    );
  }
  const bad = error !== null;
  return (
    <div className={bad ? 'card row bad' : 'card row'}>
      <Tile face={face} />
      <div>
        <label className="name" htmlFor={id}>
          {label}
        </label>
        <p className="quiet" id={`${id}-rule`}>
          {splitRule(t, offer, residualYen)}
        </p>
        {bad && (
          <p className="error" id={`${id}-error`}>
            <b>{t('errors.label')}</b>
            {error}
          </p>
        )}
        <p className="field">
          <input
            id={id}
            name={face.id}
            defaultValue={typed}
            inputMode="numeric"
            autoComplete="off"
            maxLength={16}
            data-amount=""
            aria-invalid={bad || undefined}
            aria-describedby={bad ? `${id}-rule ${id}-error` : `${id}-rule`}
          />
          <span aria-hidden="true">{t('split.yen')}</span>
          <button type="submit" className="fill" name="fill" value={face.id} data-fill={id} aria-label={t('split.fillOf', { label })}>
            {t('split.fill')}
          </button>
        </p>
      </div>
    </div>
  );
}

function Rest({ t, yen, until }: { t: Texts; yen: Yen; until: string }) {
  const text = { done: t('split.restDone'), open: t('split.restOpen', { until }), over: t('split.restOver') };
  const state = yen === 0n ? 'done' : yen > 0n ? 'open' : 'over';
  return (
    <p
      className={`rest ${state}`}
      id="rest"
      tabIndex={-1}
      role="status"
      data-rest=""
      data-done={text.done}
      data-open={text.open}
      data-over={text.over}
      data-yen={t.yen(7).replace('7', '{yen}')}
    >
      <span>{t('split.rest')}</span> <b>{t.yen(yen)}</b> <small>{text[state]}</small>
    </p>
  );
}

type Limits = Pick<CardOffer, 'amount' | 'faceValuesYen'>;

/** Which amounts an offer takes of what there is, in words: 100円〜2,000円（100円単位）. */
function splitRule(t: Texts, offer: Limits, residualYen: Yen): string {
  const { kind, ...values } = limits(t, offer, residualYen);
  return t(`split.rule${kind}`, values);
}

/** The same as the sentence that asks for it. */
export function splitRuleError(t: Texts, label: string, offer: Limits, residualYen: Yen): string {
  const { kind, ...values } = limits(t, offer, residualYen);
  return t(`errors.amount.rule${kind}`, { label, ...values });
}

function limits(t: Texts, offer: Limits, residualYen: Yen) {
  const { amount } = offer;
  const unit = unitOf(offer);
  const residual = unit > 0 ? Number(residualYen - (residualYen % BigInt(unit))) : Number(residualYen);
  /** Nothing above what there is; where even the least is above it, the limit says why. */
  const capped = (max: number, min: number) => t.yen(residual >= min ? Math.min(max, residual) : max);
  if (amount.kind === 'fixed' || offer.faceValuesYen) {
    const faces = offer.faceValuesYen ?? (amount.kind === 'fixed' ? amount.faceValuesYen : []);
    const max = Math.max(0, ...faces) * (amount.kind === 'fixed' ? amount.maxCodes : 20);
    const most = amount.kind === 'range' ? Math.min(max, amount.maxYen) : max;
    return { kind: 'Unit', min: '', max: capped(most, Math.min(...faces)), unit: t.yen(unit) } as const;
  }
  const kind = amount.stepYen > 1 ? 'Step' : 'Range';
  return { kind, min: t.yen(amount.minYen), max: capped(amount.maxYen, amount.minYen), unit: t.yen(unit) } as const;
}
