import { type Command, InvalidArgumentError } from 'commander';
import { SENDING_GROUPS, WAVE_PURPOSES } from '../domain/wave';
import type { CommandKit } from './command-kit';
import type { CliContext } from './context';
import { type PlanArgs, sendAct, sendPlan, sendStart, sendStatus, sendUnopened, sendUnreached } from './send';
import type { ExitCode, Terminal } from './terminal';
import { withCampaign } from './with-campaign';

/** The same before it is known which programme is meant. */
type Named<T extends { readonly campaign: string }> = Omit<T, 'campaign'> & { readonly campaign?: string };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `send plan|start|pause|resume|stop|status|unreached|unopened`. */
export function addSendCommands({ program, texts, withContext }: CommandKit): void {
  const { about } = texts;
  const bad = (option: string, text: string) => new InvalidArgumentError(texts.send.bad(option, text));
  const whole = (option: string) => (text: string) => {
    if (!/^[1-9]\d{0,6}$/.test(text)) throw bad(option, text);
    return Number(text);
  };
  const day = (option: string) => (text: string) => {
    if (!DAY.test(text) || Number.isNaN(Date.parse(text))) throw bad(option, text);
    return text;
  };
  const hours = (text: string): [number, number] => {
    const [, first = '', end = ''] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
    if (first === '' || Number(first) >= Number(end) || Number(end) > 24) throw bad('--hours', text);
    return [Number(first), Number(end)];
  };
  const domain = (text: string, all: Readonly<Record<string, number>> = {}) => {
    const [, name = '', count = ''] = /^([a-z0-9.-]+)=([1-9]\d{0,6})$/.exec(text.toLowerCase()) ?? [];
    if (name === '') throw bad('--domain', text);
    return { ...all, [name]: Number(count) };
  };
  const oneOf =
    <T extends string>(option: string, values: readonly T[]) =>
    (text: string): T => {
      const found = values.find((value) => value === text);
      if (!found) throw bad(option, text);
      return found;
    };

  /** Runs a command for the programme that was named, or the only one. */
  const forCampaign = <T extends { readonly campaign?: string }>(
    options: T,
    work: (context: CliContext, terminal: Terminal, options: T & { readonly campaign: string }) => Promise<ExitCode>,
  ) => withContext('nothing', (context, terminal) => withCampaign(context, terminal, options, (whole) => work(context, terminal, whole)));

  const send = program.command('send').description(about.send);
  const planOptions = (command: Command): Command =>
    command
      .option('--campaign <id>', about.campaignId)
      .option('--group <group>', `${about.sendGroup}: ${SENDING_GROUPS.join(', ')}`, oneOf('--group', SENDING_GROUPS), 'app')
      .option('--purpose <purpose>', `${about.sendPurpose}: ${WAVE_PURPOSES.join(', ')}`, oneOf('--purpose', WAVE_PURPOSES), 'invitation')
      .option('--from <day>', about.sendFrom, day('--from'))
      .option('--until <day>', about.sendUntil, day('--until'))
      .option('--hours <from-until>', about.sendHours, hours)
      .option('--per-hour <number>', about.sendPerHour, whole('--per-hour'))
      .option('--domain <domain=number>', about.sendDomain, domain)
      .option('--warm-up <numbers>', about.sendWarmUp, (text: string) => text.split(',').map(whole('--warm-up')));
  planOptions(send.command('plan').description(about.sendPlan))
    .option('--keep', about.sendKeep, false)
    .action((options: Named<PlanArgs & { keep: boolean }>) => forCampaign(options, sendPlan));
  planOptions(send.command('start').description(about.sendStart))
    .option('--wave <number>', about.sendWave, whole('--wave'))
    .action((options: Named<PlanArgs & { wave?: number }>) => forCampaign(options, sendStart));
  for (const act of ['pause', 'resume', 'stop'] as const) {
    send
      .command(act)
      .description(about[({ pause: 'sendPause', resume: 'sendResume', stop: 'sendStop' } as const)[act]])
      .option('--campaign <id>', about.campaignId)
      .requiredOption('--wave <number>', about.sendWave, whole('--wave'))
      .action((options: { campaign?: string; wave: number }) =>
        forCampaign(options, (context, terminal, whole) => sendAct(context, terminal, { act, ...whole })),
      );
  }
  send
    .command('status')
    .description(about.sendStatus)
    .option('--campaign <id>', about.campaignId)
    .option('--wave <number>', about.sendWave, whole('--wave'))
    .option('--watch', about.sendWatch, false)
    .action((options: { campaign?: string; wave?: number; watch: boolean }) => forCampaign(options, sendStatus));
  send
    .command('unreached')
    .description(about.sendUnreached)
    .option('--campaign <id>', about.campaignId)
    .option('--limit <number>', about.sendLimit, whole('--limit'), 200)
    .action((options: { campaign?: string; limit: number }) => forCampaign(options, sendUnreached));
  send
    .command('unopened')
    .description(about.sendUnopened)
    .option('--campaign <id>', about.campaignId)
    .option('--min-yen <yen>', about.sendMinYen, whole('--min-yen'), 3_000)
    .option('--limit <number>', about.sendLimit, whole('--limit'), 200)
    .action((options: { campaign?: string; minYen: number; limit: number }) => forCampaign(options, sendUnopened));
}
