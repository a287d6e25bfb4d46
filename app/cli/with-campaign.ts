import { listCampaigns } from '../views/list-campaigns';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** Does the work for the campaign that was named, or, where none was, for the only one there is. */
export async function withCampaign<T extends { readonly campaign?: string }>(
  context: CliContext,
  terminal: Terminal,
  options: T,
  work: (options: T & { readonly campaign: string }) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { campaign } = options;
  if (campaign !== undefined) return work({ ...options, campaign });
  const [only, ...others] = await listCampaigns(context, 'all');
  if (only && others.length === 0) return work({ ...options, campaign: only.id });
  terminal.refuse({ kind: 'refused', reason: 'campaign_needed' }, [terminal.texts.send.campaignNeeded]);
  return EXIT.usage;
}
