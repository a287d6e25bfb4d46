import type { CampaignFinding } from '../domain/campaign-check';
import { lastMoment } from '../domain/deadline';
import { japanTime } from '../domain/japan-time';
import { type CampaignChange, loadCampaign } from '../services/load-campaign';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `campaign load FILE [--force]` */
export async function campaignLoad(
  context: CliContext,
  terminal: Terminal,
  { file, force }: { file: string; force: boolean },
): Promise<ExitCode> {
  const { texts } = terminal;
  const result = await loadCampaign(context, { file, force, actor: context.actor, publicUrl: context.publicUrl ?? undefined });
  const changes = 'changes' in result ? result.changes.map((change) => `  ${changeLine(terminal, change)}`) : [];
  if (result.kind === 'loaded') {
    const paused = result.paused.length > 0 ? [texts.campaign.paused(result.paused.join(' '))] : [];
    terminal.answer(result, [
      texts.campaign[result.outcome](result.campaignId),
      ...changes,
      ...paused,
      ...found(terminal, result.findings),
    ]);
    return EXIT.ok;
  }
  switch (result.reason) {
    case 'not_found':
      return terminal.refuse(result, [`${texts.file.not_found}: ${file}`]);
    case 'not_json':
      return terminal.refuse(result, [`${texts.campaign.not_json}: ${file}`]);
    case 'invalid':
      return terminal.refuse(result, [`${texts.campaign.invalid}: ${file}`, ...result.problems.map((problem) => `  ${problem}`)]);
    case 'provider_unknown':
      return terminal.refuse(result, [texts.campaign.providerUnknown(result.providers.join(' '))]);
    case 'faults':
      return terminal.refuse(result, [`${texts.campaign.faults}: ${file}`, ...found(terminal, result.findings)]);
    case 'needs_force':
      return terminal.refuse(result, [texts.campaign.needsForce, ...changes]);
  }
}

function found({ texts }: Terminal, findings: readonly CampaignFinding[]): string[] {
  return findings.map((finding) => `  ${texts.campaign.finding(finding)}`);
}

function changeLine({ texts }: Terminal, change: CampaignChange): string {
  const lines = texts.campaign.change;
  switch (change.what) {
    case 'deadline':
      return lines.deadline(japanTime(lastMoment(change.from)), japanTime(lastMoment(change.to)));
    case 'ceiling':
      return lines.ceiling(texts.yen(change.from), texts.yen(change.to));
    case 'claims':
    case 'incident':
    case 'coupon':
    case 'sending':
    case 'limits_raised':
    case 'settings':
      return lines[change.what];
    default:
      return lines[change.what](change.provider);
  }
}
