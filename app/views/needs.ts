import { listProgrammes } from '#db/campaigns';
import {
  countBounced,
  countClaims,
  countClosed,
  countEmptyShelves,
  countOverdueCases,
  countProposals,
  countRedemptions,
  listLowFunds,
  listQueueTroubles,
  NEEDS_MOST,
  type Need,
  type QueueTrouble,
} from '#db/needs';
import { listLowShelves } from '#db/provider-sheets';
import { listForgotten } from '#db/wave-reports';
import { isInScope, isPermitted } from '../domain/access';
import { hasBegun } from '../domain/calendar';
import { japanDay } from '../domain/japan-time';
import type { Portal } from '../portal';
import { bouncedSince } from './bounced';
import type { StaffMember } from './staff-session';

export const NEEDS = [
  'failed',
  'in_doubt',
  'approvals',
  'own_proposals',
  'claims',
  'overdue_cases',
  'closed',
  'stock',
  'buried',
  'late',
  'bounced',
  'uninvited',
  'low_stock',
  'low_funds',
] as const;
export type NeedName = (typeof NEEDS)[number];

export interface NeedCard {
  readonly name: NeedName;
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
  readonly since: Date | null;
  /** The list behind the number; null where this role has none. */
  readonly href: string | null;
}

export interface NeedsPage {
  readonly cards: readonly NeedCard[];
  readonly jobs: readonly QueueTrouble[];
}

/** What needs a hand, as far as this person's role and campaigns go. Every number is a limited count. */
export async function findNeeds(portal: Pick<Portal, 'db'>, { staff, now }: { staff: StaffMember; now: Date }): Promise<NeedsPage> {
  const { db } = portal;
  const { role, scope, id: staffId } = staff;
  const own = (await listProgrammes(db)).filter(({ id }) => isInScope(scope, id));
  const campaigns = own.map(({ id }) => id);
  // A programme that is set up for later has no shelf that anybody waits for.
  const begun = own.filter((programme) => hasBegun(programme, now)).map(({ id }) => id);
  const may = (permission: Parameters<typeof isPermitted>[1]) => isPermitted(role, permission);
  const lists = may('see.lists');
  const runs = lists || may('see.staff');
  const jobs = runs ? await listQueueTroubles(db) : [];
  const since = bouncedSince(now);
  const providers = may('see.providers');
  const shelves = providers ? await listLowShelves(db, { campaignIds: campaigns, today: japanDay(now) }) : [];
  const funds = providers ? await listLowFunds(db, campaigns) : [];
  const forgotten = lists ? await listForgotten(db, { campaigns, now, today: japanDay(now) }) : [];
  const uninvited = () => ({ count: forgotten.reduce((sum, { people }) => sum + people, 0), since: null });
  const of = (trouble: QueueTrouble['trouble']): Need => {
    const own = jobs.filter((job) => job.trouble === trouble);
    return { count: own.length, since: own[0]?.since ?? null };
  };
  const waiting = (only: 'others' | 'own') => countProposals(db, { campaigns, staffId, only, now });
  const wanted: readonly (readonly [NeedName, boolean, () => Need | Promise<Need>, string | null])[] = [
    ['failed', lists, () => countRedemptions(db, campaigns, 'failed'), '/admin/redemptions?state=failed'],
    ['in_doubt', lists, () => countRedemptions(db, campaigns, 'in_doubt'), '/admin/redemptions?state=in_doubt'],
    ['approvals', may('decide'), () => waiting('others'), '/admin/approvals?show=waiting'],
    ['own_proposals', may('see.approvals'), () => waiting('own'), '/admin/approvals?show=mine'],
    ['claims', may('see.claims'), () => countClaims(db, campaigns), '/admin/claims?state=checking'],
    ['overdue_cases', may('see.cases'), () => countOverdueCases(db, campaigns, now), '/admin/cases?overdue=1'],
    ['closed', may('see.providers'), () => countClosed(db, campaigns, now), '/admin/providers'],
    ['stock', may('see.providers'), () => countEmptyShelves(db, begun, japanDay(now)), '/admin/providers'],
    ['buried', runs, () => of('buried'), '#jobs'],
    ['late', runs, () => of('late'), '#jobs'],
    ['low_stock', providers, () => ({ count: shelves.length, since: null }), providerPage(shelves)],
    ['low_funds', providers, () => ({ count: funds.length, since: funds[0]?.at ?? null }), providerPage(funds)],
    ['bounced', lists, () => countBounced(db, campaigns, since), may('see.many') ? '/admin/bounced' : null],
    ['uninvited', lists, uninvited, wavesPage(forgotten)],
  ];
  const cards = await Promise.all(
    wanted
      .filter(([, shown]) => shown)
      .map(async ([name, , count, href]) => {
        const need = await count();
        const most = name === 'uninvited' ? Number.POSITIVE_INFINITY : name === 'buried' || name === 'late' ? 100 : NEEDS_MOST;
        return { name, count: need.count, more: need.count >= most, since: need.since, href: need.count > 0 ? href : null };
      }),
  );
  return { cards, jobs };
}

/** The provider's own page where all is about one; else the list of them. */
function providerPage(found: readonly { campaignId: string; provider: string }[]): string {
  const pages = new Set(found.map(({ campaignId, provider }) => `/admin/providers/${campaignId}.${provider}`));
  const [only] = pages;
  return pages.size === 1 && only ? only : '/admin/providers';
}

/** The waves of the programme with the most of them. */
function wavesPage(found: readonly { campaignId: string; people: number }[]): string {
  const [first] = [...found].sort((a, b) => b.people - a.people);
  return first ? `/admin/waves?${new URLSearchParams({ campaign: first.campaignId })}` : '/admin/waves';
}
