import { lastMoment } from '../../domain/deadline';
import type { Yen } from '../../domain/yen';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';

interface Count {
  readonly coupons: number;
  readonly persons: number;
  readonly yen: Yen;
}

/** Coupons of which a list grants less than is left on them; the first of them by name. */
interface Short {
  readonly coupons: number;
  readonly yen: Yen;
  readonly rows: readonly { readonly couponId: string; readonly number: string; readonly leftYen: Yen; readonly grantedYen: Yen }[];
}

export interface CutoffPageProps {
  readonly t: ConsoleTexts;
  readonly token: string;
  readonly now: Date;
  readonly campaigns: readonly CampaignChoice[];
  readonly chosen: (CampaignChoice & { readonly terms: { readonly takenAt: Date } }) | null;
  /** What it would take, as it was just counted. */
  readonly plan?: {
    readonly ways: Readonly<Record<'app' | 'claim', Count>>;
    readonly held: Readonly<Record<'granted_elsewhere' | 'above_ceiling', Count>>;
    readonly differences: number;
    readonly short: Short;
  } | null;
  /** Null: it has not begun. */
  readonly report: {
    readonly beganAt: Date;
    readonly finishedAt: Date | null;
    readonly ways: readonly (Count & { readonly way: 'app' | 'claim'; readonly doneCoupons: number; readonly doneYen: Yen })[];
    readonly short: Short;
    readonly listed: readonly unknown[];
    readonly late: readonly unknown[];
  } | null;
}

/** The cut-off before, while and after it runs: counts and yen by way. */
export function CutoffPage(props: CutoffPageProps) {
  const { t, campaigns, chosen, report } = props;
  return (
    <>
      <header className="stack">
        <p className="crumbs">
          <a href="/admin/coupons">{t('coupons.title')}</a>
        </p>
        <h1>{t('cutoff.title')}</h1>
        {chosen && <p className="hint">{t('cutoff.lead', { at: t.moment(lastMoment(chosen.terms.takenAt)) })}</p>}
        <CampaignPicker t={t} action="/admin/coupons/cutoff" campaigns={campaigns} chosen={chosen?.id ?? null} />
      </header>
      {!chosen ? (
        <p className="message">{t('register.none')}</p>
      ) : report ? (
        <Report {...props} report={report} />
      ) : (
        <Before {...props} chosen={chosen} />
      )}
    </>
  );
}

function Before({ t, token, now, chosen, plan }: CutoffPageProps & { chosen: NonNullable<CutoffPageProps['chosen']> }) {
  const due = now >= chosen.terms.takenAt;
  return (
    <section className="card stack">
      <h2>{t('cutoff.before')}</h2>
      <p className={due ? 'message time' : 'message'}>{t(due ? 'cutoff.due' : 'cutoff.early', { at: t.moment(chosen.terms.takenAt) })}</p>
      {plan && (
        <div data-focus="" tabIndex={-1}>
          <Table
            t={t}
            rows={[
              [t('cutoff.way.app'), plan.ways.app],
              [t('cutoff.way.claim'), plan.ways.claim],
              [t('cutoff.way.granted_elsewhere'), plan.held.granted_elsewhere],
              [t('cutoff.way.above_ceiling'), plan.held.above_ceiling],
            ]}
          />
          <p className={plan.differences > 0 ? 'message time' : 'message'}>
            {plan.differences > 0 ? t('cutoff.differences', { count: plan.differences.toLocaleString('en') }) : t('cutoff.noDifferences')}
          </p>
          <ShortList t={t} campaign={chosen.id} short={plan.short} />
        </div>
      )}
      <form method="post" action="/admin/coupons/cutoff">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="act" value="count_cutoff" />
        <input type="hidden" name="campaign" value={chosen.id} />
        <button type="submit" className="button">
          {t(plan ? 'cutoff.countAgain' : 'cutoff.count')}
        </button>
      </form>
      <p className="hint">{t('cutoff.command')}</p>
      <pre className="quote">
        <code>{`uketori cutoff run --campaign ${chosen.id}`}</code>
      </pre>
    </section>
  );
}

function Report({ t, report, chosen }: CutoffPageProps & { report: NonNullable<CutoffPageProps['report']> }) {
  const { ways, finishedAt, beganAt } = report;
  const sum = (pick: (way: (typeof ways)[number]) => number) => ways.reduce((all, way) => all + pick(way), 0);
  const [done, all] = [sum(({ doneCoupons }) => doneCoupons), sum(({ coupons }) => coupons)];
  return (
    <section className="card stack">
      <h2>{t(finishedAt ? 'cutoff.finished' : 'cutoff.running')}</h2>
      <p>
        {t('cutoff.began', { at: t.moment(beganAt) })}
        {finishedAt && `　${t('cutoff.ended', { at: t.moment(finishedAt) })}`}
      </p>
      {!finishedAt && (
        <>
          <progress max={all} value={done} aria-label={t('cutoff.title')} />
          <p>{t('cutoff.progress', { done: done.toLocaleString('en'), all: all.toLocaleString('en') })}</p>
        </>
      )}
      <Table
        t={t}
        rows={ways.map((way) => [t(`cutoff.way.${way.way}`), way])}
        done={ways.map(({ doneCoupons, doneYen }) => ({ coupons: doneCoupons, yen: doneYen }))}
      />
      {chosen && <ShortList t={t} campaign={chosen.id} short={report.short} />}
      {report.listed.length > 0 && (
        <p className="message time">{t('cutoff.differences', { count: report.listed.length.toLocaleString('en') })}</p>
      )}
      {report.late.length > 0 && <p className="message time">{t('cutoff.late', { count: report.late.length.toLocaleString('en') })}</p>}
      <p>
        <a href="/admin/coupons/register">{t('register.title')}</a>
      </p>
    </section>
  );
}

/** Nobody who is owed may be paid less unseen: by how much, and which coupons. */
function ShortList({ t, campaign, short }: { t: ConsoleTexts; campaign: string; short: Short }) {
  if (short.coupons === 0) return null;
  const { coupons, yen, rows } = short;
  return (
    <>
      <p className="message time">{t('cutoff.short', { coupons, yen: t.yen(yen) })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page */}
      <section className="table-scroll" tabIndex={0} aria-label={t('cutoff.short.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('cutoff.short.number')}</th>
              {(['left', 'granted', 'short'] as const).map((name) => (
                <th key={name} scope="col" className="number">
                  {t(`cutoff.short.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ couponId, number, leftYen, grantedYen }) => (
              <tr key={couponId}>
                <th scope="row">
                  <a href={`/admin/coupons/${couponId}`}>{number}</a>
                </th>
                <td className="number">{t.yen(leftYen)}</td>
                <td className="number">{t.yen(grantedYen)}</td>
                <td className="number">{t.yen(leftYen - grantedYen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {coupons > rows.length && <p className="hint">{t('cutoff.short.more', { shown: rows.length })}</p>}
      <pre className="quote">
        <code>{`uketori cutoff plan --campaign ${campaign} --json`}</code>
      </pre>
    </>
  );
}

function Table({
  t,
  rows,
  done,
}: {
  t: ConsoleTexts;
  rows: readonly (readonly [string, Count])[];
  done?: readonly { readonly coupons: number; readonly yen: Yen }[];
}) {
  const n = (count: number) => count.toLocaleString('en');
  const head = ['coupons', 'persons', 'yen', ...(done ? (['doneCoupons', 'doneYen'] as const) : [])] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page
    <section className="table-scroll" tabIndex={0} aria-label={t('cutoff.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('cutoff.way')}</th>
            {head.map((name) => (
              <th key={name} scope="col" className="number">
                {t(`cutoff.col.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, count], i) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{n(count.coupons)}</td>
              <td className="number">{n(count.persons)}</td>
              <td className="number">{t.yen(count.yen)}</td>
              {done && <td className="number">{n(done[i]?.coupons ?? 0)}</td>}
              {done && <td className="number">{t.yen(done[i]?.yen ?? 0n)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
