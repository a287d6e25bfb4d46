import { japanTime } from '../domain/japan-time';
import { type CampaignReport, findCampaignReport } from '../views/campaign-report';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal, table } from './terminal';

/** `campaign show ID` */
export async function campaignShow(context: CliContext, terminal: Terminal, { id }: { id: string }): Promise<ExitCode> {
  const report = await findCampaignReport(context.db, { campaignId: id, now: context.clock.now() });
  if (!report) return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [terminal.texts.campaignUnknown(id)]);
  terminal.answer(report, lines(terminal, report));
  return EXIT.ok;
}

function lines({ texts }: Terminal, report: CampaignReport): string[] {
  const { show } = texts.campaign;
  const yen = (amount: number | bigint) => texts.yen(BigInt(amount));
  const offers = report.offers.map((offer) => {
    const { amount } = offer;
    const what =
      amount.kind === 'range'
        ? show.range(yen(amount.minYen), yen(amount.maxYen), yen(amount.stepYen))
        : amount.faceValuesYen.map(yen).join(' ');
    const stock =
      offer.source === 'stock' || offer.stock.length > 0
        ? offer.stock.map((each) => show.codes(yen(each.yen), each.codes)).join(' ') || show.none
        : '';
    return `  ${offer.provider}  ${offer.label.ja}  ${offer.source}  ${what}${stock && `  ${show.stock}: ${stock}`}${offer.paused ? `  ${show.paused}` : ''}`;
  });
  const imports = table(
    report.imports.map((each) => [
      `  ${japanTime(each.at)}`,
      show.kind[each.kind],
      each.fileName,
      show.count(each.accepted),
      yen(each.totalYen),
    ]),
  );
  return [
    `${report.id}  ${report.name.ja}（${report.office.ja}）`,
    `${show.until}: ${japanTime(report.lastMoment)}`,
    `${show.ceiling}: ${yen(report.grantCeilingYen)}`,
    `${show.offers}:`,
    ...offers,
    `${show.imports}:`,
    ...(imports.length > 0 ? imports : [`  ${show.none}`]),
  ];
}
