import type { RehearsalStep } from '../domain/rehearsal';
import { sayRehearsalFacts } from '../i18n/console/rehearsal-words';
import { type ConsoleTexts, consoleTextsIn } from '../i18n/console/texts';
import { playRehearsal } from '../rehearsal/play';
import { findCampaignFile } from '../views/campaign-file';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** `campaign rehearse ID`: plays a programme's calendar on a database of its own. Exits with 1 when a scene comes out wrong. */
export async function campaignRehearse(
  context: CliContext,
  terminal: Terminal,
  { id, lang }: { id: string; lang: 'ja' | 'en' },
): Promise<ExitCode> {
  const { texts, signal } = terminal;
  const serverUrl = context.rehearsalDatabaseUrl;
  if (serverUrl === null) return terminal.refuse({ kind: 'refused', reason: 'no_rehearsal_database' }, [texts.campaign.noRehearsals]);
  const campaign = await findCampaignFile(context.db, id);
  if (!campaign) return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [texts.campaignUnknown(id)]);
  const t = consoleTextsIn(lang);
  let done = 0;
  const steps = await terminal.withCount((update) =>
    playRehearsal(campaign, {
      serverUrl,
      id: context.crypto.newId(context.clock.now()),
      signal,
      onStep: () => {
        done += 1;
        update(done);
      },
    }),
  );
  const ok = steps.every((step) => step.ok);
  const state = ok ? 'passed' : 'failed';
  terminal.answer({ kind: state, steps }, [
    ...steps.map((step) => line(t, step)),
    t(`rehearsal.state.${state}.long`, { scenes: steps.length }),
  ]);
  return ok ? EXIT.ok : EXIT.refused;
}

function line(t: ConsoleTexts, { scene, at, ok, facts }: RehearsalStep): string {
  const result = t(ok ? 'rehearsal.ok' : 'rehearsal.wrong');
  return `${t.moment(new Date(at))}  ${t(`rehearsal.scene.${scene}`)}: ${result}  ${sayRehearsalFacts(t, facts)}`;
}
