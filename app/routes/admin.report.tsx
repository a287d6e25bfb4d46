import { chosenOf } from '../auth/choose-campaign';
import { notFound, type StaffVisit, showConsole, staffPage } from '../auth/staff-visit';
import { couponLines, ReportPage, shareOf } from '../components/console/report-page';
import { lastMoment } from '../domain/deadline';
import { csvRecord } from '../domain/spreadsheet';
import { listCampaignChoices } from '../views/campaign-choices';
import { type ClosingReport, findClosingReport } from '../views/closing-report';

/** The closing report, as a page to print or as a file of totals. It holds no name and no number of anybody. */
export const loader = staffPage('admin.report', async (visit) => {
  const { portal, staff, query, now, t } = visit;
  const campaigns = await listCampaignChoices(portal, staff.scope);
  const chosen = chosenOf(campaigns, query.one('campaign'));
  if (chosen === 'unknown') return notFound(visit);
  const report = chosen ? await findClosingReport(portal, { campaignId: chosen.id, now }) : null;
  if (report && query.one('format') === 'csv') return csvOf(visit, report);
  return showConsole(visit, t('report.title'), <ReportPage t={t} campaigns={campaigns} report={report} />);
});

/** With the mark by which Excel in Japan knows UTF-8; amounts as bare numbers, to be counted with. */
function csvOf({ t }: StaffVisit, report: ClosingReport): Response {
  const line = (name: string, { yen, people }: { yen: bigint; people: number }) => [
    name,
    String(yen),
    shareOf(yen, report.granted.yen),
    String(people),
  ];
  const records = [
    [t('report.of', { name: t.own(report.name) })],
    [t('report.until'), t.moment(lastMoment(report.deadlineAt))],
    [t('report.at'), t.moment(report.at)],
    [],
    [t('report.item'), t('report.yen'), t('report.share'), t('report.people')],
    line(t('report.granted'), report.granted),
    line(t('report.received'), report.received),
    ...report.byProvider.map((own) => line(`${t('report.received')} ${t.own(own.label)}`, own)),
    line(t('report.pending'), report.pending),
    line(t('report.inDoubt'), report.inDoubt),
    line(t('report.residual'), report.residual),
    line(t('report.lapsed'), report.lapsed),
    [t('report.unexplained'), String(report.unexplainedYen)],
    ...(report.coupons
      ? [[], [t('report.coupons'), t('report.yen')], ...couponLines(t, report.coupons).map(([name, yen]) => [name, String(yen)])]
      : []),
    [],
    [t('report.corrections'), t('report.yen'), t('report.entries'), t('report.people')],
    ...report.corrections.map((own) => [t(`report.kind.${own.kind}`), String(own.yen), String(own.entries), String(own.people)]),
  ];
  return new Response(`\uFEFF${records.map(csvRecord).join('')}`, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="closing-report-${report.campaignId}.csv"`,
    },
  });
}
