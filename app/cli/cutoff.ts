import { japanTime } from '../domain/japan-time';
import type { CliTexts } from '../i18n/cli-texts';
import { digits } from '../i18n/format';
import { type CutoffPlan, type CutoffRefusal, planCutoff, runCutoff } from '../services/run-cutoff';
import { type CutoffReport, findCutoffReport } from '../views/cutoff-report';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal, table } from './terminal';

/** Differences shown to people; scripts get all. */
const SHOWN = 20;

/** `cutoff plan --campaign ID`: what the cut-off would take now, or what it took. */
export async function cutoffPlan(context: CliContext, terminal: Terminal, { campaign }: { campaign: string }): Promise<ExitCode> {
  const plan = await planCutoff(context, { campaignId: campaign });
  if (plan.kind === 'refused') return refuse(terminal, plan, campaign);
  if (plan.kind === 'begun') {
    await report(context, terminal, campaign, {});
    return EXIT.ok;
  }
  terminal.answer(plan, planLines(terminal, plan));
  return EXIT.ok;
}

/** `cutoff run --campaign ID [--dry-run] [--with-differences]` */
export async function cutoffRun(
  context: CliContext,
  terminal: Terminal,
  args: { campaign: string; dryRun: boolean; withDifferences: boolean },
): Promise<ExitCode> {
  const { campaign, dryRun, withDifferences } = args;
  if (dryRun) return cutoffPlan(context, terminal, { campaign });
  const { texts, signal } = terminal;
  const result = await terminal.withCount((update) =>
    runCutoff(context, {
      campaignId: campaign,
      actor: context.actor,
      withDifferences,
      signal,
      onProgress: ({ coupons }) => update(coupons),
    }),
  );
  if (result.kind === 'refused') return refuse(terminal, result, campaign);
  if (!result.finished) signal.throwIfAborted();
  const line = texts.cutoff.ran(
    result.grants,
    result.grantedCoupons,
    texts.yen(result.grantedYen),
    result.waitingCoupons,
    texts.yen(result.waitingYen),
  );
  await report(context, terminal, campaign, result, [line]);
  return EXIT.ok;
}

async function report(
  context: CliContext,
  terminal: Terminal,
  campaign: string,
  result: object,
  lines: readonly string[] = [],
): Promise<void> {
  const found = await findCutoffReport(context.db, { campaignId: campaign });
  terminal.answer({ kind: 'begun', ...result, report: found }, [...lines, ...(found ? reportLines(terminal, found) : [])]);
}

function planLines({ texts }: Terminal, plan: CutoffPlan & Pick<CutoffReport, 'short'>): string[] {
  const { cutoff, yen } = texts;
  const counts = [
    [cutoff.ways.app, plan.ways.app],
    [cutoff.ways.claim, plan.ways.claim],
    [cutoff.ways.granted_elsewhere, plan.held.granted_elsewhere],
    [cutoff.ways.above_ceiling, plan.held.above_ceiling],
  ] as const;
  return [
    cutoff.planned(japanTime(plan.takenAt)),
    ...table([
      ['', cutoff.columns.coupons, cutoff.columns.persons, cutoff.columns.yen],
      ...counts.map(([name, count]) => [name, digits(count.coupons), digits(count.persons), yen(count.yen)]),
    ]),
    ...shortLines(texts, plan.short),
    ...(plan.differences > 0 ? [cutoff.differences(plan.differences)] : []),
  ];
}

function reportLines({ texts }: Terminal, { ways, beganAt, finishedAt, short, listed, late }: CutoffReport): string[] {
  const { cutoff, yen } = texts;
  return [
    finishedAt ? cutoff.finished(japanTime(finishedAt)) : cutoff.unfinished(japanTime(beganAt)),
    ...table([
      ['', cutoff.columns.coupons, cutoff.columns.persons, cutoff.columns.yen, cutoff.columns.doneCoupons, cutoff.columns.doneYen],
      ...ways.map((way) => [
        cutoff.ways[way.way],
        digits(way.coupons),
        digits(way.persons),
        yen(way.yen),
        digits(way.doneCoupons),
        yen(way.doneYen),
      ]),
    ]),
    ...shortLines(texts, short),
    ...(listed.length > 0 ? [cutoff.differences(listed.length)] : []),
    ...listed.slice(0, SHOWN).map((row) => `  ${row.number}: ${texts.proof.difference(yen(row.expectedYen), yen(row.foundYen))}`),
    ...(late.length > 0 ? [cutoff.late(late.length)] : []),
    ...late.slice(0, SHOWN).map((row) => `  ${row.number}: ${yen(row.yen)}`),
  ];
}

/** What lists grant less than is left: so many coupons and yen, and the first of them. */
function shortLines({ cutoff, grants, yen }: CliTexts, { coupons, yen: short, rows }: CutoffReport['short']): string[] {
  if (coupons === 0) return [];
  return [
    cutoff.short(coupons, yen(short)),
    ...rows
      .slice(0, SHOWN)
      .map(
        ({ number, leftYen, grantedYen }) => `  ${number}: ${cutoff.shortOne(yen(leftYen), yen(grantedYen), yen(leftYen - grantedYen))}`,
      ),
    ...(coupons > SHOWN ? [`  ${grants.more(coupons - SHOWN)}`] : []),
  ];
}

function refuse(terminal: Terminal, refusal: CutoffRefusal, campaign: string): ExitCode {
  const { texts } = terminal;
  const { refused } = texts.cutoff;
  switch (refusal.reason) {
    case 'campaign_unknown':
      return terminal.refuse(refusal, [texts.campaignUnknown(campaign)]);
    case 'too_early':
      return terminal.refuse(refusal, [refused.tooEarly(japanTime(refusal.takenAt))]);
    case 'differences':
      return terminal.refuse(refusal, [refused.differences(refusal.differences)]);
    case 'above_ceiling':
      return terminal.refuse(refusal, [refused.aboveCeiling(refusal.coupons)]);
    case 'no_terms':
      return terminal.refuse(refusal, [texts.coupons.refused.no_terms]);
    case 'old_indexes':
      return terminal.refuse(refusal, [refused.oldIndexes]);
  }
}
