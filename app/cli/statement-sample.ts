import { writeFile } from 'node:fs/promises';
import { findCampaign } from '#db/campaigns';
import { sampleStatement } from '../services/sample-statement';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `statement sample --campaign ID --provider ID --out FILE`: for rehearsals only. */
export async function statementSample(
  context: CliContext,
  terminal: Terminal,
  args: { campaign: string; provider: string; out: string },
): Promise<ExitCode> {
  const { texts } = terminal;
  if (!context.rehearsal) return terminal.refuse({ kind: 'refused', reason: 'not_a_rehearsal' }, [texts.staff.notRehearsal]);
  if (!(await findCampaign(context.db, args.campaign))) {
    return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [texts.campaignUnknown(args.campaign)]);
  }
  const text = await sampleStatement(context, { campaignId: args.campaign, provider: args.provider });
  if (text === null) return terminal.refuse({ kind: 'refused', reason: 'too_few' }, [texts.statement.tooFew]);
  try {
    await writeFile(args.out, text, { flag: 'wx', mode: 0o600 });
  } catch {
    return terminal.refuse({ kind: 'refused', reason: 'unwritable' }, [texts.errors.unwritable(args.out)]);
  }
  terminal.answer({ kind: 'written', file: args.out }, [texts.statement.written(args.out)]);
  return EXIT.ok;
}
