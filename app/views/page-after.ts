import type { PersonAct } from '../domain/acts';
import { daysLeft } from '../domain/deadline';
import type { RecipientPage, RedemptionView } from './recipient-page';

/** What an act would change, as far as the recipient can read it. */
export interface Change {
  readonly act: PersonAct;
  readonly redemptionId: string | null;
  /** Of a re-issue: the issued code that is replaced, or another provider. */
  readonly codeId: string | null;
  readonly provider: string | null;
  /** The new deadline or the end of a freeze. */
  readonly until: Date | null;
  readonly now: Date;
}

/** The recipient's page as it will be when an act was carried out: what its form shows as a sentence. Pure. */
export function pageAfter(page: RecipientPage, change: Change): RecipientPage {
  const { grant } = page;
  const { act, until, now } = change;
  switch (act) {
    case 'reissue':
      return reissuedPage(page, change);
    case 'give_back': {
      const own = page.redemptions.find(({ id }) => id === change.redemptionId);
      if (!own) return page;
      const back = own.failedYen;
      return {
        ...page,
        grant: { ...grant, residualYen: grant.residualYen + back, pendingYen: grant.pendingYen - back },
        redemptions: page.redemptions
          .map((each) => (each === own ? { ...each, state: 'issued' as const, failedYen: 0n } : each))
          .filter((each) => each.id !== own.id || each.codes.some(({ situation }) => situation === 'issued')),
      };
    }
    case 'settle_doubt':
      return withRedemption(page, change, (own) => ({
        ...own,
        state: 'failed',
        failedYen: own.codes.filter(({ situation }) => situation === 'in_doubt').reduce((sum, { yen }) => sum + yen, own.failedYen),
      }));
    case 'extend':
      return {
        ...page,
        grant: {
          ...grant,
          residualYen: grant.residualYen + grant.lapsedYen,
          lapsedYen: 0n,
          ...(until && { deadlineAt: until, daysLeft: daysLeft(now, until), open: now < until }),
        },
      };
    case 'freeze':
      return { ...page, grant: { ...grant, frozen: true, frozenUntil: until } };
    case 'release':
      return { ...page, grant: { ...grant, frozen: false, frozenUntil: null } };
    default:
      return page;
  }
}

function withRedemption(page: RecipientPage, change: Change, make: (own: RedemptionView) => RedemptionView): RecipientPage {
  return { ...page, redemptions: page.redemptions.map((own) => (own.id === change.redemptionId ? make(own) : own)) };
}

/** What was issued and is replaced counts as being issued again. */
function reissuedPage(page: RecipientPage, change: Change): RecipientPage {
  const own = page.redemptions.find(({ id }) => id === change.redemptionId);
  const after = withRedemption(page, change, (each) => reissued(page, each, change.provider));
  if (own?.state !== 'issued') return after;
  const yen = own.codes.find(({ id }) => id === change.codeId)?.yen ?? 0n;
  const { grant } = page;
  return { ...after, grant: { ...grant, issuedYen: grant.issuedYen - yen, pendingYen: grant.pendingYen + yen } };
}

function reissued(page: RecipientPage, own: RedemptionView, provider: string | null): RedemptionView {
  const offer = page.offers.find((each) => each.provider === provider);
  return {
    ...own,
    ...(offer && { provider: offer.provider, label: offer.label }),
    state: 'issuing',
    failedYen: 0n,
  };
}
