import type { CampaignSettings } from './campaign';
import { lastMoment } from './deadline';

/** What happens at an instant of a programme. */
export type MomentKind =
  | 'failure'
  | 'coupons_expired'
  | 'first_extension_ends'
  | 'claims_open'
  | 'cutoff'
  | 'sending_begins'
  | 'sending_ends'
  | 'claims_close'
  | 'deadline';

export interface Moment {
  readonly kind: MomentKind;
  /** The group whose links go out, where that is what begins or ends. */
  readonly group: string | null;
  /** When it begins; or the last second, as announced, of what ends. */
  readonly at: Date;
  readonly ends: boolean;
}

/** The terms of a programme as they are stored: times may be missing where it has no such part. */
export interface CalendarTerms {
  readonly settings: Partial<Pick<CampaignSettings, 'incident' | 'coupon' | 'claims' | 'sending'>>;
  /** Exclusive instant. */
  readonly redeemUntil: Date;
}

/** Every instant of a programme at which something begins or ends, in order of time. Pure. */
export function calendarOf({ settings, redeemUntil }: CalendarTerms): Moment[] {
  const { incident, coupon, claims, sending = {} } = settings;
  const moments: (Moment | null)[] = [
    begin('failure', incident?.began),
    end('coupons_expired', incident?.couponExpiredAt),
    end('first_extension_ends', incident?.firstExtensionUntil),
    begin('claims_open', claims?.opensAt),
    end('cutoff', coupon?.residualTakenAt),
    end('claims_close', claims?.closesAt),
    ...Object.entries(sending).flatMap(([group, { from, until }]) => [
      begin('sending_begins', `${from}T00:00:00+09:00`, group),
      end('sending_ends', `${until}T23:59:59+09:00`, group),
    ]),
    end('deadline', lastMoment(redeemUntil).toISOString()),
  ];
  return moments.filter((moment) => moment !== null).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/**
 * Whether a programme has begun: with its failure, or so long before its claims or its sending that people may be told of
 * them. One that is set up for later is nobody's default, and the public does not hear of it yet. One without such dates
 * has begun. Pure.
 */
export function hasBegun(terms: CalendarTerms, now: Date): boolean {
  const [first] = calendarOf(terms).filter(({ kind }) => BEGINNINGS.includes(kind));
  if (!first) return true;
  return first.at.getTime() - (first.kind === 'failure' ? 0 : TOLD_BEFORE_MS) <= now.getTime();
}

const TOLD_BEFORE_MS = 60 * 86_400_000;
const BEGINNINGS: readonly MomentKind[] = ['failure', 'claims_open', 'sending_begins'];

/** Programmes with those that have begun before those that have not; otherwise in their order. Pure. */
export function begunFirst<T extends CalendarTerms>(programmes: readonly T[], now: Date): T[] {
  const rank = (programme: T) => (hasBegun(programme, now) ? 0 : 1);
  return [...programmes].sort((a, b) => rank(a) - rank(b));
}

function begin(kind: MomentKind, at: string | undefined, group: string | null = null): Moment | null {
  return at === undefined ? null : { kind, group, at: new Date(at), ends: false };
}

function end(kind: MomentKind, at: string | undefined, group: string | null = null): Moment | null {
  return at === undefined ? null : { kind, group, at: new Date(at), ends: true };
}
