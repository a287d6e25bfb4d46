import { findCampaign } from '#db/campaigns';
import { getProof, type Proof } from '../views/proof';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal, table } from './terminal';

/** Differences shown to people; scripts get all. */
const SHOWN = 50;

/** `proof [--campaign ID]`: exit code 1 on one unexplained yen. */
export async function proof(context: CliContext, terminal: Terminal, { campaign }: { campaign?: string }): Promise<ExitCode> {
  const { texts } = terminal;
  if (campaign !== undefined && !(await findCampaign(context.db, campaign))) {
    return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [texts.campaignUnknown(campaign)]);
  }
  const result = await getProof(context.db, { campaignId: campaign ?? null });
  terminal.answer(result, [...balanceLines(terminal, result), ...couponLines(terminal, result), ...differenceLines(terminal, result)]);
  return result.exact ? EXIT.ok : EXIT.refused;
}

function balanceLines({ texts }: Terminal, { campaigns }: Proof): string[] {
  const { columns } = texts.proof;
  const head = [columns.campaign, columns.granted, columns.residual, columns.pending, columns.issued, columns.lapsed, columns.unexplained];
  const rows = campaigns.flatMap((each) => [
    [each.campaignId, each.grantedYen, each.residualYen, each.pendingYen, each.issuedYen, each.lapsedYen, each.unexplainedYen],
    ...each.providers.map((own) => [`  ${own.provider}`, null, null, own.pendingYen, own.issuedYen, null, null]),
  ]);
  return table([head, ...rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? texts.yen(cell) : (cell ?? ''))))]);
}

function couponLines({ texts }: Terminal, { campaigns }: Proof): string[] {
  const { coupons: names } = texts.proof;
  const rows = campaigns.flatMap(({ campaignId, coupons }) =>
    coupons
      ? [
          [
            campaignId,
            ...[
              coupons.faceYen,
              coupons.spentYen,
              coupons.putBackYen,
              coupons.remainingYen,
              coupons.takenYen,
              coupons.grantedYen,
              coupons.waitingYen,
              coupons.casesYen,
            ].map(texts.yen),
          ],
        ]
      : [],
  );
  const head = [
    names.campaign,
    names.face,
    names.spent,
    names.putBack,
    names.remaining,
    names.taken,
    names.granted,
    names.waiting,
    names.cases,
  ];
  return rows.length === 0 ? [] : table([head, ...rows]);
}

function differenceLines({ texts }: Terminal, { differences, exact }: Proof): string[] {
  if (exact) return [texts.proof.exact];
  const shown = differences.slice(0, SHOWN).map((each) => {
    const amounts = texts.proof.difference(texts.yen(each.expectedYen), texts.yen(each.foundYen));
    return `  ${texts.proof.checks[each.check] ?? each.check}: ${each.campaignId} ${each.id}: ${amounts}`;
  });
  const more = differences.length > shown.length ? [`  ${texts.grants.more(differences.length - shown.length)}`] : [];
  return [texts.proof.differences(differences.length), ...shown, ...more];
}
