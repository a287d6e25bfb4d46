import type { Moment } from '../../domain/calendar';
import type { Bilingual, CampaignSettings, OfferAmount } from '../../domain/campaign';
import type { CampaignFinding } from '../../domain/campaign-check';
import { type PlainPreview, type PreviewPage, previewedMail, previewedState, previewGroups } from '../../domain/preview-page';
import { claimTextsIn } from '../../i18n/claim';
import type { ConsoleTexts } from '../../i18n/console/texts';
import { sayMoment } from '../moment-words';
import { CampaignFindings } from './campaign-findings';
import { type CampaignChoice, CampaignPicker } from './campaign-picker';
import { reasonText } from './reason-text';
import { TableScroll } from './table-scroll';

interface Page {
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly grantCeilingYen: bigint;
  readonly moments: readonly Moment[];
  readonly offers: readonly {
    readonly provider: string;
    readonly label: Bilingual;
    readonly amount: OfferAmount;
    readonly source: 'api' | 'stock';
    readonly paused: boolean;
  }[];
  readonly findings: readonly CampaignFinding[];
}

interface Props {
  readonly t: ConsoleTexts;
  readonly now: Date;
  readonly campaigns: readonly CampaignChoice[];
  readonly page: Page | null;
  readonly versions: readonly {
    readonly version: number;
    readonly note: string;
    readonly who: string;
    readonly at: Date;
    readonly approvalId: string | null;
  }[];
  readonly mayEdit: boolean;
  /** A new programme belongs to nobody yet: only who sees all may make one. */
  readonly mayMake: boolean;
  readonly did: boolean;
}

/** How a programme is set up, and whether it holds together. */
export function CampaignSettingsPage({ t, now, campaigns, page, versions, mayEdit, mayMake, did }: Props) {
  return (
    <>
      <header className="stack">
        <h1>{t('campaigns.title')}</h1>
        <p className="hint">{t('campaigns.lead')}</p>
        <CampaignPicker t={t} action="/admin/campaigns" campaigns={campaigns} chosen={page?.id ?? null} />
      </header>
      {did && (
        <p className="message" role="status" tabIndex={-1} data-focus="">
          {t('campaign.stored')}
        </p>
      )}
      {!page && mayEdit && mayMake && (
        <p>
          <a className="button" href="/admin/campaigns/edit">
            {t('campaign.new')}
          </a>
        </p>
      )}
      {page && (
        <>
          <CampaignFindings t={t} findings={page.findings} />
          <div className="columns">
            <div className="stack">
              <Calendar t={t} now={now} id={page.id} moments={page.moments} claims={page.settings.claims !== undefined} />
              <Offers t={t} offers={page.offers} />
            </div>
            <div className="stack">
              {mayEdit && <Ways t={t} id={page.id} mayMake={mayMake} />}
              <Office t={t} page={page} />
              <Versions t={t} versions={versions} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

function Calendar({
  t,
  now,
  id,
  moments,
  claims,
}: {
  t: ConsoleTexts;
  now: Date;
  id: string;
  moments: readonly Moment[];
  claims: boolean;
}) {
  /** One second before and after the change. */
  const turns = (at: Date, ends: boolean) => {
    const turn = at.getTime() + (ends ? 1_000 : 0);
    return [new Date(turn - 1_000), new Date(turn)];
  };
  return (
    <section className="card stack">
      <h2>{t('campaigns.calendar')}</h2>
      <p className="hint">{t('campaign.preview.lead')}</p>
      <TableScroll label={t('campaigns.calendar')}>
        <table>
          <tbody>
            {moments.map(({ kind, group, at, ends }) => (
              <tr key={`${kind} ${group}`}>
                <th scope="row">{sayMoment(t, { kind, group })}</th>
                <td>{t.moment(at)}</td>
                <td>
                  {turns(at, ends).map((turn, i) => (
                    <PreviewLinks key={turn.toISOString()} t={t} id={id} at={turn} after={i === 1} claims={claims} />
                  ))}
                </td>
                <td>{at < now && <span className="chip">{t('campaigns.past')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <form method="get" action="/admin/campaigns/preview" className="filters">
        <input type="hidden" name="campaign" value={id} />
        <p className="field">
          <label htmlFor="at">{t('campaign.preview.at')}</label>
          <input id="at" name="at" placeholder="2023-05-31 23:59:59" maxLength={40} />
        </p>
        <p className="field">
          <label htmlFor="page">{t('campaign.preview.page')}</label>
          <select id="page" name="page">
            {previewGroups(claims).map(({ group, pages }) => (
              <optgroup key={group} label={t(`campaign.preview.group.${group}`)}>
                {pages.map((page) => (
                  <option key={page} value={page}>
                    {sayPreview(t, page)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </p>
        <button type="submit" className="button quiet">
          {t('campaign.preview')}
        </button>
      </form>
    </section>
  );
}

function sayPreview(t: ConsoleTexts, page: PreviewPage): string {
  const state = previewedState(page);
  const told = previewedMail(page);
  if (told) return t(`message.purpose.claim_${told}`);
  return state
    ? t('campaign.preview.state', { state: claimTextsIn(t.language)(`state.${state}`) })
    : t(`campaign.preview.page.${page as PlainPreview}`);
}

function PreviewLinks({ t, id, at, after, claims }: { t: ConsoleTexts; id: string; at: Date; after: boolean; claims: boolean }) {
  const pages = claims ? (['recipient', 'claim'] as const) : (['recipient'] as const);
  return (
    <div className="stamp turns">
      {pages.map((page) => (
        <a
          key={page}
          className="hint"
          href={`/admin/campaigns/preview?${new URLSearchParams({ campaign: id, page, at: at.toISOString() })}`}
        >
          {t(after ? 'campaign.preview.after' : 'campaign.preview.before', { page: t(`campaign.preview.${page}`) })}
        </a>
      ))}
    </div>
  );
}

function Offers({ t, offers }: { t: ConsoleTexts; offers: Page['offers'] }) {
  const amount = (own: OfferAmount) =>
    own.kind === 'range'
      ? t('campaigns.range', { from: t.yen(own.minYen), until: t.yen(own.maxYen), step: t.yen(own.stepYen) })
      : t('campaigns.faces', {
          faces: own.faceValuesYen.map((face) => t.yen(face)).join(t.language === 'ja' ? '・' : ', '),
          most: own.maxCodes,
        });
  return (
    <section className="card stack">
      <h2>{t('campaigns.offers')}</h2>
      <TableScroll label={t('campaigns.offers')}>
        <table>
          <tbody>
            {offers.map((offer) => (
              <tr key={offer.provider}>
                <th scope="row">{t.own(offer.label)}</th>
                <td>{amount(offer.amount)}</td>
                <td>{t(`campaigns.source.${offer.source}`)}</td>
                <td>{offer.paused && <span className="chip fail">{t('campaigns.paused')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Office({ t, page: { settings, grantCeilingYen, id } }: { t: ConsoleTexts; page: Page }) {
  const rows: [string, string][] = [
    [t('campaigns.id'), id],
    [t('campaigns.office'), t.own(settings.office)],
    [t('campaigns.mail'), settings.senders.mail],
    [t('campaigns.sms'), settings.senders.sms],
    [t('campaigns.centre'), `${t.own(settings.callCentre.name)} ${settings.callCentre.tel}`],
    [t('campaigns.hours'), t.own(settings.callCentre.hours)],
    [t('campaigns.ceiling'), t.yen(grantCeilingYen)],
    [t('campaigns.claims'), t(settings.claims ? 'frame.yes' : 'frame.no')],
  ];
  return (
    <section className="card stack">
      <h2>{t('campaigns.who')}</h2>
      <dl className="facts">
        {rows.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a href={`/admin/texts?${new URLSearchParams({ campaign: id })}`}>{t('nav.texts')}</a>
      </p>
    </section>
  );
}

function Ways({ t, id, mayMake }: { t: ConsoleTexts; id: string; mayMake: boolean }) {
  return (
    <section className="card stack">
      <p>
        <a className="button" href={`/admin/campaigns/edit?${new URLSearchParams({ campaign: id })}`}>
          {t('campaign.edit')}
        </a>
      </p>
      <p>
        <a href={`/admin/campaigns/rehearsal?${new URLSearchParams({ campaign: id })}`}>{t('rehearsal.open')}</a>
      </p>
      {mayMake && (
        <>
          <form method="get" action="/admin/campaigns/edit" className="form">
            <input type="hidden" name="from" value={id} />
            <p className="field">
              <label htmlFor="days">{t('campaign.days')}</label>
              <input id="days" name="days" inputMode="numeric" defaultValue="365" maxLength={5} />
            </p>
            <button type="submit" className="button quiet">
              {t('campaign.copy')}
            </button>
          </form>
          <p>
            <a href="/admin/campaigns/edit">{t('campaign.new')}</a>
          </p>
        </>
      )}
    </section>
  );
}

function Versions({ t, versions }: Pick<Props, 't' | 'versions'>) {
  return (
    <section className="card stack">
      <h2>{t('campaign.versions')}</h2>
      <ol className="case-story" reversed>
        {versions.map(({ version, note, who, at, approvalId }) => (
          <li key={version}>
            <strong>{t('campaign.version', { version })}</strong> <span className="hint">{t.moment(at)}</span>{' '}
            <span className="hint">{who}</span>
            {approvalId && (
              <>
                {' '}
                <a href={`/admin/approvals/${approvalId}`}>{t('coupon.approval')}</a>
              </>
            )}
            {note && <p className="words">{approvalId ? reasonText(t, note) : note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
