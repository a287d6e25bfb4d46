import { lastMoment } from '../domain/deadline';
import type { CodeSituation, RedemptionState } from '../domain/redemption';
import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import { HelpBox, type Office } from './help-box';
import type { ProviderFace } from './provider-face';
import { StateLine } from './state-line';
import { Tile } from './tile';

interface OverviewCode {
  readonly id: string;
  readonly yen: Yen;
  readonly situation: CodeSituation;
  readonly managementNo: string | null;
  readonly expiresOn: string | null;
}

export interface OverviewItem {
  readonly id: string;
  readonly face: ProviderFace;
  readonly yen: Yen;
  readonly state: RedemptionState;
  readonly acceptedAt: Date;
  readonly codes: readonly OverviewCode[];
}

interface Props {
  t: Texts;
  /** The words that the console shows as well. */
  words: { readonly title: string; readonly lead: readonly string[]; readonly items: ReadonlyMap<string, string> };
  office: Office;
  grant: {
    readonly number: string;
    readonly residualYen: Yen;
    readonly deadlineAt: Date;
    readonly open: boolean;
    readonly frozen: boolean;
  };
  items: readonly OverviewItem[];
}

/** Everything chosen so far and every code, readable for ever. */
export function CodesPage({ t, words, office, grant, items }: Props) {
  const canChoose = grant.open && !grant.frozen && grant.residualYen > 0n;
  const hasCodes = items.some((item) => item.codes.some((code) => code.situation === 'issued'));
  const isOver = !grant.open && !grant.frozen && !hasCodes && (items.length === 0 || grant.residualYen > 0n);
  return (
    <>
      <h1>{words.title}</h1>
      {words.lead.map((line, i) => (
        <p className={i < words.lead.length - 1 ? 'state done' : 'quiet'} key={line}>
          {line}
        </p>
      ))}
      {grant.frozen && <Standing text={t('frozen.title')} link={t('codes.more')} />}
      {isOver && <Standing text={t('closed.title')} link={t('codes.more')} />}
      {canChoose && (
        <section className="card">
          <p>{t('codes.residual', { yen: t.yen(grant.residualYen), until: t.moment(lastMoment(grant.deadlineAt)) })}</p>
          <a className="button" href="/receive">
            {t('codes.choose', { yen: t.yen(grant.residualYen) })}
          </a>
        </section>
      )}
      {items.map((item) => (
        <Item key={item.id} t={t} item={item} failure={words.items.get(item.id)} />
      ))}
      <HelpBox t={t} offices={[office]} number={grant.number} />
    </>
  );
}

function Standing({ text, link }: { text: string; link: string }) {
  return (
    <p className="note">
      {text} <a href="/receive">{link}</a>
    </p>
  );
}

function Item({ t, item, failure }: { t: Texts; item: OverviewItem; failure: string | undefined }) {
  const waiting = item.state === 'requested' || item.state === 'issuing' || item.state === 'in_doubt';
  return (
    <section className="card part">
      <Tile face={item.face} />
      <div>
        <h2 className="name">{t('progress.item', { label: t.own(item.face.label), yen: t.yen(item.yen) })}</h2>
        <StateLine t={t} state={item.state} />
        <p className="quiet">{t('progress.accepted', { moment: t.moment(item.acceptedAt) })}</p>
      </div>
      {/* One code that is on its way says no more than its redemption. */}
      <ul className="codes" hidden={item.codes.length === 1 && item.codes[0]?.situation !== 'issued'}>
        {item.codes.map((code, i) => (
          <li key={code.id}>
            {item.codes.length > 1 && <p className="quiet">{t('codes.nth', { position: i + 1, count: item.codes.length })}</p>}
            <CodeLine t={t} code={code} />
          </li>
        ))}
      </ul>
      {item.state === 'failed' && (
        <div className="full">
          <p>{failure}</p>
          <a className="button" href={`/receive/redemptions/${item.id}/again`}>
            {t('failed.link')}
          </a>
        </div>
      )}
      {waiting && (
        <p className="full">
          <a className="more" href="/receive/progress">
            {t('codes.progress')}
          </a>
        </p>
      )}
    </section>
  );
}

function CodeLine({ t, code }: { t: Texts; code: OverviewCode }) {
  const yen = t.yen(code.yen);
  switch (code.situation) {
    case 'issued':
      return (
        <>
          <a className="button second" href={`/receive/codes/${code.id}`}>
            {t('codes.open', { yen })}
          </a>
          {code.expiresOn && <p className="quiet">{t('codes.expires', { day: t.day(code.expiresOn) })}</p>}
          {code.managementNo && (
            <p className="quiet">
              {t('code.management')} {code.managementNo}
            </p>
          )}
        </>
      );
    case 'returned':
      return <p>{t('codes.returned', { yen })}</p>;
    case 'failed':
      return <p>{t('codes.failed', { yen })}</p>;
    default:
      return <p>{t('codes.waiting', { yen })}</p>;
  }
}
