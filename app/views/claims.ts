import { getClaimTimes } from '#db/claim-times';
import { countClaims, findClaimSheet, findSkipped, listClaimCorrections, listClaimCoupons, listClaims } from '#db/claims';
import { CLAIM_STATES, type ClaimSignal, type ClaimState } from '../domain/claim';
import { type ClaimDetails, openClaimDetails } from '../domain/claim-form';
import { type CouponVerdict, decideClaim } from '../domain/claim-match';
import type { ClaimTimes } from '../domain/claim-times';
import { maskName } from '../domain/contact';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';

/** A claim in the queue, weighed against the register. */
export interface QueuedClaim {
  readonly id: string;
  readonly number: string;
  readonly receivedAt: Date;
  readonly proposed: boolean;
  readonly coupons: number;
  readonly whole: boolean;
  readonly yen: Yen;
  /** What the reviewer knows of who it is; null: it cannot be read. */
  readonly name: string | null;
  /** All that can be said of its coupons but that they can be paid, each once. */
  readonly verdicts: readonly CouponVerdict[];
  /** Why it was refused, or what is asked for. */
  readonly reason: string | null;
}

export interface ClaimQueue {
  readonly counts: readonly { readonly state: ClaimState; readonly count: number }[];
  readonly rows: readonly QueuedClaim[];
  /** The key behind which the next page begins; null at the end. */
  readonly next: { readonly at: Date; readonly id: string } | null;
}

const PAGE = 50;

/** One page of a campaign's claims in a state, in the order in which they came. */
export async function findClaimQueue(
  portal: Pick<Portal, 'db' | 'crypto'>,
  query: { campaignId: string; state: ClaimState; after: { at: Date; id: string } | null },
): Promise<ClaimQueue> {
  const { db } = portal;
  const counts = await countClaims(db, query.campaignId);
  const found = await listClaims(db, { ...query, limit: PAGE + 1 });
  const page = found.slice(0, PAGE);
  const coupons = await listClaimCoupons(
    db,
    page.map(({ id }) => id),
  );
  const last = page.at(-1);
  return {
    counts: CLAIM_STATES.map((state) => ({ state, count: counts.get(state) ?? 0 })),
    rows: page.map((claim) => {
      const { id, number, receivedAt, proposed, reason } = claim;
      const own = coupons.filter(({ claimId }) => claimId === id);
      const { whole, yen, verdicts } = decideClaim(own);
      const details = openDetails(portal, claim);
      const odd = [...new Set(verdicts)].filter((verdict) => verdict !== 'payable');
      const name = details && maskName(details.name);
      return {
        id,
        number,
        receivedAt,
        proposed,
        coupons: own.length,
        whole,
        yen: claim.grantId ? takenYen(own) : yen,
        name,
        verdicts: odd,
        reason,
      };
    }),
    next: found.length > PAGE && last ? { at: last.receivedAt, id: last.id } : null,
  };
}

/** What was granted: all that the cut-off took. */
function takenYen(coupons: readonly ClaimCoupon[]): Yen {
  return coupons.reduce((sum, { register }) => sum + (register?.takenYen ?? 0n), 0n);
}

/** A claim as its reviewer sees it. */
export interface ClaimPage {
  readonly id: string;
  readonly campaignId: string;
  readonly number: string;
  readonly state: ClaimState;
  readonly reason: string | null;
  readonly receivedAt: Date;
  readonly mailProvenAt: Date | null;
  readonly language: 'ja' | 'en';
  readonly grantId: string | null;
  readonly proposed: boolean;
  /** Null: it cannot be read. */
  readonly details: ClaimDetails | null;
  readonly coupons: readonly (ClaimCoupon & { readonly verdict: CouponVerdict })[];
  readonly whole: boolean;
  readonly yen: Yen;
  readonly same: Readonly<Record<ClaimSignal, number>>;
  readonly times: ClaimTimes;
  readonly corrections: Awaited<ReturnType<typeof listClaimCorrections>>;
  /** Why the last approval granted nothing, while the claim is still being checked. */
  readonly skipped: string | null;
  /** The last instant of the programme; nothing is granted after it. */
  readonly deadline: Date;
  readonly isOver: boolean;
}
type ClaimCoupon = Awaited<ReturnType<typeof listClaimCoupons>>[number];

/** One claim beside the register; null when there is none. */
export async function findClaimPage(portal: Pick<Portal, 'db' | 'crypto' | 'clock'>, claimId: string): Promise<ClaimPage | null> {
  const claim = await findClaimSheet(portal.db, claimId);
  if (!claim) return null;
  const coupons = await listClaimCoupons(portal.db, [claimId]);
  const { whole, yen, verdicts } = decideClaim(coupons);
  const { redeem_until: deadline } = await portal.db
    .selectFrom('campaigns')
    .select('redeem_until')
    .where('id', '=', claim.campaignId)
    .executeTakeFirstOrThrow();
  return {
    ...claim,
    details: openDetails(portal, claim),
    coupons: coupons.map((coupon, i) => ({ ...coupon, verdict: verdicts[i] ?? 'unknown' })),
    whole,
    yen,
    times: await getClaimTimes(portal.db, { number: claim.number, now: portal.clock.now() }),
    corrections: await listClaimCorrections(portal.db, claimId),
    skipped: claim.state === 'checking' && !claim.proposed ? ((await findSkipped(portal.db, claimId))?.outcome ?? null) : null,
    deadline,
    isOver: portal.clock.now() >= deadline,
  };
}

function openDetails(
  { crypto }: Pick<Portal, 'crypto'>,
  claim: { readonly id: string; readonly detailsSealed: Buffer; readonly detailsKeyId: string },
): ClaimDetails | null {
  try {
    return openClaimDetails(crypto, claim);
  } catch {
    return null;
  }
}

/** What a proposal of these claims would come to, without those that cannot be proposed. */
export async function weighProposal(
  { db }: Pick<Portal, 'db'>,
  { campaignId, claimIds }: { campaignId: string; claimIds: readonly string[] },
): Promise<{ readonly ids: readonly string[]; readonly yen: Yen }> {
  if (claimIds.length === 0) return { ids: [], yen: 0n };
  const rows = await db
    .selectFrom('claims as c')
    .select('c.id')
    .where('c.id', 'in', [...claimIds])
    .where('c.campaign_id', '=', campaignId)
    .where('c.state', '=', 'checking')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('approval_claims as i')
            .innerJoin('approvals as a', 'a.id', 'i.approval_id')
            .select('i.claim_id')
            .whereRef('i.claim_id', '=', 'c.id')
            .where('i.state', '=', 'waiting')
            .where('a.state', 'in', ['proposed', 'approved']),
        ),
      ),
    )
    .orderBy('c.id')
    .execute();
  const coupons = await listClaimCoupons(
    db,
    rows.map(({ id }) => id),
  );
  const weighed = rows.map(({ id }) => ({ id, ...decideClaim(coupons.filter(({ claimId }) => claimId === id)) }));
  const fit = weighed.filter(({ whole }) => whole);
  return { ids: fit.map(({ id }) => id), yen: fit.reduce((sum, { yen }) => sum + yen, 0n) };
}

/** The claims of a proposal, with what became of each. */
export async function listProposalClaims(
  { db }: Pick<Portal, 'db'>,
  approvalId: string,
): Promise<readonly { readonly id: string; readonly number: string; readonly yen: Yen; readonly state: 'waiting' | 'done' | 'skipped' }[]> {
  return db
    .selectFrom('approval_claims as i')
    .innerJoin('claims as c', 'c.id', 'i.claim_id')
    .select(['c.id', 'c.number', 'i.yen', 'i.state'])
    .where('i.approval_id', '=', approvalId)
    .orderBy('c.number')
    .execute();
}
