import { findCampaign } from '#db/campaigns';
import { lapseGrants } from '../services/lapse-grants';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `lapse --campaign ID [--dry-run]` */
export async function lapse(
  context: CliContext,
  terminal: Terminal,
  { campaign, dryRun }: { campaign: string; dryRun: boolean },
): Promise<ExitCode> {
  const { texts, signal } = terminal;
  if (!(await findCampaign(context.db, campaign))) {
    return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [texts.campaignUnknown(campaign)]);
  }
  const result = await terminal.withCount((update) =>
    lapseGrants(context, { campaignId: campaign, actor: context.actor, dryRun, signal, onProgress: ({ grants }) => update(grants) }),
  );
  if (!result.finished) signal.throwIfAborted();
  const yen = texts.yen(result.yen);
  terminal.answer(result, [
    dryRun ? texts.lapse.dryRun(result.grants, yen) : texts.lapse.done(result.grants, yen),
    ...(result.frozenSkipped > 0 ? [texts.lapse.frozen(result.frozenSkipped)] : []),
  ]);
  return EXIT.ok;
}
