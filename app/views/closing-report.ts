import { sql } from 'kysely';
import { type CorrectionLine, countReceivers, getGranted, getInDoubt, listAccountLines, listCorrections } from '#db/closing-report';
import { sumCoupons } from '#db/coupon-proof';
import type { Bilingual } from '../domain/campaign';
import { claimTermsOf, claimWindow } from '../domain/claim';
import { isBeforeDeadline } from '../domain/deadline';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { findOfferLabels } from './offer-labels';

export interface ReportLine {
  readonly yen: Yen;
  readonly people: number;
}

/** Where the yen went that the cut-off took from coupons. */
export interface ReportCoupons {
  readonly takenYen: Yen;
  readonly grantedYen: Yen;
  /** Of payments that cases gave back after the cut-off. */
  readonly casesYen: Yen;
  /** Nobody has claimed them, or their claim is not approved. */
  readonly waitingYen: Yen;
  /** Claims are not taken any more. */
  readonly claimsOver: boolean;
}

/** The closing report (終了報告) of a programme: where every yen of it is, and for how many people. */
export interface ClosingReport {
  readonly campaignId: string;
  readonly name: Bilingual;
  readonly office: Bilingual;
  /** Exclusive instant. */
  readonly deadlineAt: Date;
  readonly open: boolean;
  readonly at: Date;
  readonly grants: number;
  readonly granted: ReportLine;
  readonly received: ReportLine;
  readonly byProvider: readonly (ReportLine & { readonly provider: string; readonly label: Bilingual })[];
  readonly pending: ReportLine;
  /** Part of what is pending. */
  readonly inDoubt: ReportLine;
  readonly residual: ReportLine;
  readonly lapsed: ReportLine;
  readonly corrections: readonly CorrectionLine[];
  /** Null: the programme has no coupons. */
  readonly coupons: ReportCoupons | null;
  /** Granted less everything above: 0, or something is wrong. */
  readonly unexplainedYen: Yen;
}

/** One snapshot of the whole programme; null when there is none of that name. */
export async function findClosingReport(
  portal: Pick<Portal, 'db'>,
  { campaignId, now }: { campaignId: string; now: Date },
): Promise<ClosingReport | null> {
  const labels = await findOfferLabels(portal, campaignId);
  return portal.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local statement_timeout = '60s'`.execute(trx);
      await sql`set local work_mem = '128MB'`.execute(trx);
      const campaign = await trx
        .selectFrom('campaigns')
        .select(['id', 'settings', 'redeem_until'])
        .where('id', '=', campaignId)
        .executeTakeFirst();
      if (!campaign) return null;
      const { settings } = campaign;
      const granted = await getGranted(trx, campaignId);
      const lines = await listAccountLines(trx, campaignId);
      const of = (account: string): ReportLine => {
        const own = lines.filter((line) => line.account === account);
        return { yen: own.reduce((sum, line) => sum + line.yen, 0n), people: own.reduce((sum, line) => sum + line.people, 0) };
      };
      const received = { yen: of('issued').yen, people: await countReceivers(trx, campaignId) };
      const [pending, residual, lapsed] = [of('pending'), of('grant'), of('lapsed')];
      const [sums] = await sumCoupons(trx, campaignId);
      const terms = claimTermsOf(settings);
      return {
        campaignId,
        name: settings.name,
        office: settings.office,
        deadlineAt: campaign.redeem_until,
        open: isBeforeDeadline(now, campaign.redeem_until),
        at: now,
        grants: granted.grants,
        granted,
        received,
        byProvider: lines.flatMap(({ account, provider, yen, people }) =>
          account === 'issued' && provider !== null
            ? [{ provider, label: labels.get(provider) ?? { ja: provider, en: provider }, yen, people }]
            : [],
        ),
        pending,
        inDoubt: await getInDoubt(trx, campaignId),
        residual,
        lapsed,
        coupons: sums
          ? {
              takenYen: sums.taken_yen,
              grantedYen: sums.granted_yen,
              casesYen: sums.case_yen,
              waitingYen: sums.waiting_yen,
              claimsOver: terms === null || claimWindow(terms, now) === 'after',
            }
          : null,
        corrections: await listCorrections(trx, campaignId),
        unexplainedYen: granted.yen - received.yen - pending.yen - residual.yen - lapsed.yen,
      };
    });
}
