import { lastMoment } from '../domain/deadline';
import { sumYen, type Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import type { ProviderFace } from './provider-face';
import { Steps } from './steps';
import { Tile } from './tile';

/** One part of the choice, with the codes it will come as. */
export interface ConfirmedPart {
  readonly face: ProviderFace;
  readonly yen: Yen;
  readonly codes: readonly Yen[];
}

interface Props {
  t: Texts;
  token: string;
  requestKey: string;
  action: string;
  parts: readonly ConfirmedPart[];
  /** What stays for later, and until when. */
  rest: { readonly yen: Yen; readonly deadlineAt: Date; readonly splitHref: string } | null;
  backHref: string;
}

/** The choice once more, still reversible. The one place that says what cannot be undone. */
export function ConfirmPage({ t, token, requestKey, action, parts, rest, backHref }: Props) {
  const total = sumYen(parts.map((part) => part.yen));
  return (
    <>
      <Steps t={t} current={2} />
      <h1>{t('confirm.title')}</h1>
      <p className="quiet">{t('confirm.reversible')}</p>
      {parts.map((part) => (
        <Part key={part.face.id} t={t} {...part} />
      ))}
      {parts.length > 1 && (
        <p className="total">
          <span>{t('confirm.total')}</span> <b>{t.yen(total)}</b>
        </p>
      )}
      {rest && (
        <p className="note">
          {t('confirm.rest', { rest: t.yen(rest.yen), until: t.moment(lastMoment(rest.deadlineAt)) })}{' '}
          <a href={rest.splitHref}>{t('confirm.restSplit', { rest: t.yen(rest.yen) })}</a>
        </p>
      )}
      <form method="post" action={action} data-once="">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="key" value={requestKey} />
        {parts.map((part) => (
          <input key={part.face.id} type="hidden" name="c" value={`${part.face.id}.${part.yen}`} />
        ))}
        <div className="final">
          <h2>{t('confirm.finalTitle')}</h2>
          <p>{t('confirm.finalText')}</p>
        </div>
        {/* Stays in its place: nothing may cover what cannot be undone. */}
        <div className="bar still">
          <button type="submit" className="button">
            {t('confirm.submit', { yen: t.yen(total) })}
          </button>
          <a className="button second" href={backHref}>
            {t('confirm.change')}
          </a>
        </div>
      </form>
    </>
  );
}

function Part({ t, face, yen, codes }: ConfirmedPart & { t: Texts }) {
  const { needs, usable } = face.brand.text[t.language];
  return (
    <section className="card part">
      <Tile face={face} />
      <div>
        <h2 className="name">{t.own(face.label)}</h2>
        <p className="big">{t.yen(yen)}</p>
        {codes.length > 1 && <p>{t('confirm.codes', { count: codes.length, faces: faces(t, codes) })}</p>}
      </div>
      <dl>
        <div>
          <dt>{t('confirm.needs')}</dt>
          <dd>{needs}</dd>
        </div>
        <div>
          <dt>{t('confirm.usable')}</dt>
          <dd>{usable}</dd>
        </div>
      </dl>
    </section>
  );
}

/** 1,000円×1、100円×3 */
function faces(t: Texts, codes: readonly Yen[]): string {
  const counts = new Map<Yen, number>();
  for (const yen of codes) counts.set(yen, (counts.get(yen) ?? 0) + 1);
  return [...counts].map(([yen, count]) => t('confirm.face', { yen: t.yen(yen), count })).join(t('confirm.listJoin'));
}
