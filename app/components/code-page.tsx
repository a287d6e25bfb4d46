import { lastMoment } from '../domain/deadline';
import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import { groupCode, lookAlikes } from './code-text';
import { HelpBox, type Office } from './help-box';
import type { ProviderFace } from './provider-face';
import { QrCode } from './qr-code';
import { Steps } from './steps';

/** What everybody who holds the code is told. */
export interface CodeFacts {
  readonly id: string;
  readonly face: ProviderFace;
  readonly yen: Yen;
  readonly managementNo: string | null;
  readonly expiresOn: string | null;
  readonly issuedAt: Date | null;
}

/** The code itself. Bearer money: only in the answer to a press on the button. */
export interface ShownCode {
  readonly code: string;
  readonly pin: string | null;
  readonly url: string | null;
}

interface Props {
  t: Texts;
  token: string;
  office: Office;
  grant: {
    readonly number: string;
    readonly residualYen: Yen;
    readonly deadlineAt: Date;
    readonly open: boolean;
    readonly frozen: boolean;
  };
  facts: CodeFacts;
  /** Null until the button was pressed. */
  shown: ShownCode | null;
  /** The next code of the same redemption. */
  next: { readonly id: string; readonly position: number; readonly count: number } | null;
}

/** The code page: that it worked, the code, the easiest way to use it, the steps, then dates and numbers. Before it is shown: the button and what it is. */
export function CodePage({ t, token, office, grant, facts, shown, next }: Props) {
  const text = facts.face.brand.text[t.language];
  const yen = t.yen(facts.yen);
  return (
    <>
      <Steps t={t} current={3} />
      <section className="card">
        <p className="state done">{t('code.issued')}</p>
        <h1>{t('code.title', { label: t.own(facts.face.label), yen })}</h1>
        {shown ? <Code t={t} facts={facts} shown={shown} /> : <Covered t={t} token={token} id={facts.id} />}
      </section>
      {shown && next && (
        <form method="post" action={`/receive/codes/${next.id}`}>
          <input type="hidden" name="token" value={token} />
          <button type="submit" className="button second">
            {t('code.showNext', { position: next.position, count: next.count })}
          </button>
        </form>
      )}
      {shown && (
        <section>
          <h2>{t('code.steps')}</h2>
          <ol className="list">
            {text.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      )}
      {shown?.url && (
        <section className="card aside">
          <QrCode text={shown.url} alt={t('code.qrAlt')} />
          <div>
            <h2>{t('code.qrTitle')}</h2>
            <p className="quiet">{t('code.qrText')}</p>
          </div>
        </section>
      )}
      {shown && text.notes.length > 0 && (
        <section>
          <h2>{t('code.notes')}</h2>
          <ul className="list">
            {text.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <Facts t={t} facts={facts} issuer={text.issuer} />
      <p>{grant.open ? t('code.readAgain', { day: t.day(lastMoment(grant.deadlineAt)) }) : t('code.readAgainPast')}</p>
      <p>
        <a className="more" href="/receive/codes">
          {t('code.all')}
        </a>
      </p>
      {grant.open && !grant.frozen && grant.residualYen > 0n && (
        <p>
          <a className="more" href="/receive">
            {t('code.rest', { yen: t.yen(grant.residualYen) })}
          </a>
        </p>
      )}
      <HelpBox t={t} offices={[office]} title={t('help.codeTitle')} number={grant.number} management={facts.managementNo ?? undefined} />
      {text.legal.map((line) => (
        <p className="legal" key={line}>
          {line}
        </p>
      ))}
    </>
  );
}

function Covered({ t, token, id }: { t: Texts; token: string; id: string }) {
  return (
    <form method="post" action={`/receive/codes/${id}`}>
      <input type="hidden" name="token" value={token} />
      <p>{t('code.hidden')}</p>
      <button type="submit" className="button">
        {t('code.show')}
      </button>
    </form>
  );
}

function Code({ t, facts, shown }: { t: Texts; facts: CodeFacts; shown: ShownCode }) {
  const { brand } = facts.face;
  const text = brand.text[t.language];
  const alike = lookAlikes(shown.code + (shown.pin ?? ''));
  const href = safeUrl(shown.url) ?? safeUrl(brand.registerUrl ?? null);
  return (
    <>
      <div className="code">
        <h2>{text.codeName}</h2>
        {/* Drawn in groups; copied and read aloud as one. */}
        <p translate="no" className={shown.code.includes('-') ? 'joined' : undefined}>
          {pairs(groupCode(shown.code, brand.groupBy)).map((pair, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups may repeat and never move
            <span key={i}>
              {pair.map((group, k) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: groups may repeat and never move
                <b key={k}>{group}</b>
              ))}
            </span>
          ))}
        </p>
        {shown.pin && (
          <>
            <h3>{t('code.pin')}</h3>
            <p translate="no">
              <b>{shown.pin}</b>
            </p>
          </>
        )}
      </div>
      {alike.length > 0 && (
        <p className="quiet">
          {t('code.looks')}
          {alike.map((letter) => t(`look.${letter}`)).join(t('confirm.listJoin'))}
        </p>
      )}
      {href && (
        <a className="button" href={href.href} target="_blank" rel="noopener noreferrer">
          {text.open}
          <small>{t('code.otherSite', { host: href.host })}</small>
        </a>
      )}
      <div className="pair screen">
        <button
          className="button second"
          type="button"
          hidden
          data-copy={shown.code}
          data-copied={t('code.copied')}
          data-failed={t('code.copyFailed')}
        >
          {t('code.copy')}
        </button>
        <button className="button second" type="button" hidden data-print="">
          {t('code.print')}
        </button>
      </div>
      <p className="quiet screen" role="status" data-said="" />
    </>
  );
}

function Facts({ t, facts, issuer }: { t: Texts; facts: CodeFacts; issuer: string }) {
  const rows: [string, string][] = [
    [t('code.yen'), t.yen(facts.yen)],
    [t('code.expires'), facts.expiresOn ? t('code.expiresOn', { day: t.day(facts.expiresOn) }) : t('code.noExpiry')],
  ];
  if (facts.managementNo) rows.push([t('code.management'), facts.managementNo]);
  if (facts.issuedAt) rows.push([t('code.issuedAt'), t.moment(facts.issuedAt)]);
  rows.push([t('code.issuer'), issuer]);
  return (
    <section className="card facts">
      <h2>{t('code.facts')}</h2>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Two by two, so that four groups stand on one line or on two, never three and one. */
function pairs(groups: readonly string[]): string[][] {
  return groups.flatMap((group, i) => (i % 2 === 0 ? [[group, ...groups.slice(i + 1, i + 2)]] : []));
}

/** A link that may be pressed: https and nothing else. */
function safeUrl(text: string | null): URL | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' ? url : null;
}
