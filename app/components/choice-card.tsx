import type { Bilingual, OfferAmount } from '../domain/campaign';
import { mostOf, type OfferFacts } from '../domain/offer';
import type { Yen } from '../domain/yen';
import type { Texts } from '../i18n/texts';
import type { ProviderFace } from './provider-face';
import { Tile } from './tile';

/** An offer as far as a card shows it. */
export interface CardOffer {
  readonly provider: string;
  readonly amount: OfferAmount;
  readonly faceValuesYen: readonly number[] | null;
  readonly paused: boolean;
  readonly pauseNote: Bilingual | null;
  readonly troubled: boolean;
  readonly mostYen: Yen;
  readonly mostCodes: number;
}

interface Props {
  t: Texts;
  face: ProviderFace;
  offer: CardOffer;
  /** What there is to receive. */
  yen: Yen;
  checked: boolean;
}

/** A way to receive, as a whole card to press; what cannot be chosen stays visible and says why. */
export function ChoiceCard({ t, face, offer, yen, checked }: Props) {
  const { needs, usable } = face.brand.text[t.language];
  const id = `p-${face.id}`;
  if (offer.mostYen === 0n) {
    return (
      <div className="choice off">
        <Tile face={face} />
        <div>
          <p className="name">{t.own(face.label)}</p>
          <p className="badge">{t('choose.off')}</p>
          <p className="why">{whyNot(t, offer, yen)}</p>
        </div>
      </div>
    );
  }
  const whole = offer.mostYen === yen;
  return (
    <label className="choice">
      <input
        type="radio"
        name="provider"
        value={face.id}
        defaultChecked={checked}
        className={whole ? undefined : 'part'}
        data-yen={whole ? undefined : t.yen(offer.mostYen)}
        aria-labelledby={id}
        aria-describedby={`${id}-about`}
      />
      <Tile face={face} />
      <span>
        <b className="name" id={id}>
          {t.own(face.label)}
        </b>
        <span id={`${id}-about`}>
          <span>{t('choose.needs', { needs })}</span>
          <span className="quiet">{usable}</span>
          {!whole && <strong className="amber">{whyPart(t, offer, yen)}</strong>}
          {offer.mostCodes > 1 && <span className="quiet">{t('choose.codes', { count: offer.mostCodes })}</span>}
          {offer.troubled && <strong className="amber">{t('choose.troubled')}</strong>}
        </span>
      </span>
    </label>
  );
}

/** The smallest step of an offer, in yen. */
export function unitOf(offer: Pick<CardOffer, 'amount' | 'faceValuesYen'>): number {
  if (offer.faceValuesYen === null && offer.amount.kind === 'range') return offer.amount.stepYen;
  const faces = offer.faceValuesYen ?? (offer.amount.kind === 'fixed' ? offer.amount.faceValuesYen : []);
  return faces.reduce((a, b) => gcd(a, b), 0);
}

function whyPart(t: Texts, offer: CardOffer, yen: Yen): string {
  const rest = yen - offer.mostYen;
  const unit = unitOf(offer);
  const values = { most: t.yen(offer.mostYen), rest: t.yen(rest), unit: t.yen(unit) };
  return rest < BigInt(unit) ? t('choose.partUnit', values) : t('choose.partLimit', values);
}

function whyNot(t: Texts, offer: CardOffer, yen: Yen): string {
  if (offer.paused) return offer.pauseNote ? t.own(offer.pauseNote) : t('choose.offPaused');
  const minimum = offer.amount.kind === 'range' ? offer.amount.minYen : Math.min(...offer.amount.faceValuesYen);
  if (yen < BigInt(minimum)) return t('choose.offMinimum', { minimum: t.yen(minimum) });
  const faces = offer.faceValuesYen;
  const stock: OfferFacts['stock'] = faces ? new Map(faces.map((face) => [face, 1])) : null;
  return mostOf({ amount: offer.amount, stock }, yen) === 0n ? t('choose.offStock') : t('choose.offRest');
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
