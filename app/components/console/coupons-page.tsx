import type { Bilingual } from '../../domain/campaign';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';

export interface CouponsPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly typed: string;
  readonly problem: 'missing' | 'unreadable' | null;
  /** What was found, when it is not exactly one. */
  readonly hits:
    | readonly {
        readonly id: string;
        readonly campaign: Bilingual;
        readonly inquiryNumber: string;
        readonly issuer: string;
        readonly faceYen: Yen;
      }[]
    | null;
  /** Whether the pages of the register as a whole are open to whoever looks. */
  readonly seesRegister: boolean;
}

const WAYS = ['register', 'candidates', 'cutoff'] as const;

/** Finding a coupon by its number; the ways on to the register as a whole. */
export function CouponsPage({ t, token, typed, problem, hits, seesRegister }: CouponsPageProps) {
  return (
    <>
      <h1>{t('coupons.title')}</h1>
      <section className="card">
        <form method="post" action="/admin/coupons" className="form find-form" autoComplete="off">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="act" value="find_coupon" />
          <div className="find-row">
            <p className="field">
              <label htmlFor="number">{t('coupons.number')}</label>
              {problem && (
                <span className="field-error" id="number-error" data-focus="" tabIndex={-1}>
                  {t(`coupons.problem.${problem}`)}
                </span>
              )}
              <input
                id="number"
                name="number"
                defaultValue={typed}
                maxLength={60}
                inputMode="numeric"
                aria-describedby={problem ? 'number-error number-hint' : 'number-hint'}
                aria-invalid={problem ? true : undefined}
              />
            </p>
            <button type="submit" className="button">
              {t('coupons.find')}
            </button>
          </div>
          <p className="hint" id="number-hint">
            {t('coupons.hint')}
          </p>
        </form>
      </section>
      {hits && hits.length === 0 && (
        <p className="message time" role="status" data-focus="" tabIndex={-1}>
          {t('coupons.none')}
        </p>
      )}
      {hits && hits.length > 0 && (
        <section className="card">
          <h2>{t('coupons.several')}</h2>
          <ul>
            {hits.map((hit) => (
              <li key={hit.id}>
                <a href={`/admin/coupons/${hit.id}`}>{hit.inquiryNumber}</a>　{t.own(hit.campaign)}　{hit.issuer}　{t.yen(hit.faceYen)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {seesRegister && (
        <section className="card">
          <h2>{t('coupons.whole')}</h2>
          <ul className="stack">
            {WAYS.map((way) => (
              <li key={way}>
                <a href={`/admin/coupons/${way}`}>{t(`${way}.title`)}</a>
                <span className="hint">　{t(`${way}.what`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
