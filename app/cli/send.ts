import { setTimeout as sleep } from 'node:timers/promises';
import { findCampaign } from '#db/campaigns';
import { japanDay, japanTime } from '../domain/japan-time';
import { reachIntoNight } from '../domain/message';
import type { WavePlan } from '../domain/wave';
import { planOf, type WaveWish } from '../domain/wave-plan';
import { digits } from '../i18n/format';
import type { SendTexts } from '../i18n/send-texts';
import { pauseWave } from '../services/pause-wave';
import { planWave } from '../services/plan-wave';
import { previewWave, type WavePreview } from '../services/preview-wave';
import { resumeWave } from '../services/resume-wave';
import { startWave } from '../services/start-wave';
import { stopWave } from '../services/stop-wave';
import { findPlanTerms } from '../views/plan-terms';
import { findUnopened, findUnreached } from '../views/unreached';
import { findUninvited, findWaveReport, listWaveReports, type WaveReport } from '../views/wave-report';
import type { CliContext } from './context';
import { EXIT, type ExitCode, type Terminal } from './terminal';

/** What a plan is made of, and for which campaign. */
export interface PlanArgs extends WaveWish {
  readonly campaign: string;
}

const WATCH_MS = 2_000;
/** A sample as long as the links of an installation whose own address the command does not know. */
const UNKNOWN_URL = 'https://uketori.example.jp';

/** `send plan`: what would be sent and what it costs. Changes nothing, or with `--keep` writes the plan down. */
export async function sendPlan(context: CliContext, terminal: Terminal, args: PlanArgs & { keep: boolean }): Promise<ExitCode> {
  const found = await findPlan(context, args);
  if (!found) return unknownCampaign(terminal, args.campaign);
  const { plan, lastDay } = found;
  if (plan.hours.fromOn > plan.hours.untilOn) return terminal.refuse({ kind: 'refused', reason: 'no_days' }, [terminal.texts.send.noDays]);
  if (plan.hours.untilOn > lastDay) return refusePlan(terminal, 'past_deadline');
  const preview = await terminal.withCount((onProgress) => {
    const { publicUrl, channelPerHour } = context;
    const query = { campaignId: args.campaign, plan, publicUrl: publicUrl ?? UNKNOWN_URL, channelPerHour };
    return previewWave(context, query, { signal: terminal.signal, onProgress });
  });
  if (!preview) return unknownCampaign(terminal, args.campaign);
  const kept = args.keep ? await planWave(context, { campaignId: args.campaign, plan, actor: context.actor }) : null;
  const number = kept?.kind === 'planned' ? kept.number : null;
  terminal.answer({ kind: 'plan', ...plan, ...preview, wave: number }, [
    ...linesOfPreview(terminal, plan, preview),
    ...(number === null ? [] : [terminal.texts.send.kept(number)]),
  ]);
  return EXIT.ok;
}

/** `send start`: a wave that is planned, or one planned by the same words as `send plan`. */
export async function sendStart(context: CliContext, terminal: Terminal, args: PlanArgs & { wave?: number }): Promise<ExitCode> {
  let number = args.wave;
  if (number === undefined) {
    const found = await findPlan(context, args);
    if (!found) return unknownCampaign(terminal, args.campaign);
    const { plan } = found;
    if (plan.hours.fromOn > plan.hours.untilOn || plan.hours.untilOn < japanDay(context.clock.now())) return refusePlan(terminal, 'over');
    const planned = await planWave(context, { campaignId: args.campaign, plan, actor: context.actor });
    if (planned.kind === 'refused')
      return planned.reason === 'campaign_unknown' ? unknownCampaign(terminal, args.campaign) : refusePlan(terminal, planned.reason);
    if (reachIntoNight(plan.hours)) terminal.hint(terminal.texts.send.plan.night.trim());
    number = planned.number;
  }
  return sendAct(context, terminal, { act: 'start', campaign: args.campaign, wave: number });
}

const ACTS = { start: startWave, pause: pauseWave, resume: resumeWave, stop: stopWave } as const;

/** `send pause|resume|stop --wave N`, and starting. */
export async function sendAct(
  context: CliContext,
  terminal: Terminal,
  { act, campaign, wave }: { act: keyof typeof ACTS; campaign: string; wave: number },
): Promise<ExitCode> {
  const result = await ACTS[act](context, { campaignId: campaign, number: wave, actor: context.actor });
  const { send } = terminal.texts;
  if (result.kind === 'refused') return terminal.refuse({ ...result, wave }, [send.refused[result.reason]]);
  terminal.answer({ ...result, wave }, [send.now(wave, send.state[result.state])]);
  return EXIT.ok;
}

/** `send status`: every wave of a campaign, or one; `--watch` follows it until nothing is left to do. */
export async function sendStatus(
  context: CliContext,
  terminal: Terminal,
  { campaign, wave, watch }: { campaign: string; wave?: number; watch: boolean },
): Promise<ExitCode> {
  const { channelPerHour } = context;
  if (!(await findCampaign(context.db, campaign))) return unknownCampaign(terminal, campaign);
  if (wave === undefined) {
    const reports = await listWaveReports(context, { campaignId: campaign, channelPerHour });
    const uninvited = await findUninvited(context, campaign);
    const lines = [...reports.flatMap((report) => linesOfReport(terminal, report)), ...linesOfUninvited(terminal, uninvited)];
    terminal.answer({ kind: 'waves', waves: reports, uninvited }, lines.length > 0 ? lines : [terminal.texts.send.none]);
    return EXIT.ok;
  }
  const find = () => findWaveReport(context, { campaignId: campaign, number: wave, channelPerHour });
  const report = await terminal.withProgress(async (update) => {
    for (;;) {
      const now = await find();
      if (!now) return null;
      const failed = now.counts.filter(({ state }) => state === 'hard_failed').reduce((sum, { messages }) => sum + messages, 0);
      update(now.sent + failed, now.sent + failed + now.open + (ENDED.includes(now.state) ? 0 : (now.left ?? 0)));
      if (!watch || now.state !== 'running' || terminal.signal.aborted) return now;
      await sleep(WATCH_MS, undefined, { signal: terminal.signal }).catch(() => undefined);
    }
  });
  if (!report) return terminal.refuse({ kind: 'refused', reason: 'wave_unknown' }, [terminal.texts.send.refused.wave_unknown]);
  const uninvited = (await findUninvited(context, campaign)).filter(({ group }) => group === report.group);
  terminal.answer({ kind: 'wave', ...report }, [...linesOfReport(terminal, report), ...linesOfUninvited(terminal, uninvited)]);
  return EXIT.ok;
}

/** `send unreached`: whom nothing reached for sure, and why. */
export async function sendUnreached(
  context: CliContext,
  terminal: Terminal,
  { campaign, limit }: { campaign: string; limit: number },
): Promise<ExitCode> {
  const { texts } = terminal;
  if (!(await findCampaign(context.db, campaign))) return unknownCampaign(terminal, campaign);
  const { rows, more } = await findUnreached(context, { campaignId: campaign, limit });
  const lines = rows.map(({ number, why, reason, addressMask, since, letterAt }) => {
    const letter = letterAt ? `  ${texts.send.letter(japanTime(letterAt).slice(0, 10))}` : '';
    return `${number}  ${texts.send.why[why]}${reason ? ` (${reason})` : ''}  ${addressMask ?? ''}  ${japanTime(since)}${letter}`;
  });
  terminal.answer({ kind: 'unreached', rows, more }, [...lines, ...listTail(texts, { count: rows.length, more, limit })]);
  return EXIT.ok;
}

/** `send unopened`: who has much to receive and a link that nobody opened. */
export async function sendUnopened(
  context: CliContext,
  terminal: Terminal,
  { campaign, minYen, limit }: { campaign: string; minYen: number; limit: number },
): Promise<ExitCode> {
  const { texts } = terminal;
  if (!(await findCampaign(context.db, campaign))) return unknownCampaign(terminal, campaign);
  const { rows, more } = await findUnopened(context, { campaignId: campaign, minYen: BigInt(minYen), limit });
  const lines = rows.map((row) => `${row.number}  ${texts.yen(row.residualYen)}  ${japanTime(row.invitedAt)}`);
  terminal.answer({ kind: 'unopened', rows, more }, [...lines, ...listTail(texts, { count: rows.length, more, limit })]);
  return EXIT.ok;
}

/** What stands below a list: that it is empty, or longer than was asked for. */
function listTail({ send }: Terminal['texts'], { count, more, limit }: { count: number; more: boolean; limit: number }): string[] {
  return [...(count === 0 ? [send.nobody] : []), ...(more ? [send.more(limit)] : [])];
}

function unknownCampaign(terminal: Terminal, id: string): ExitCode {
  return terminal.refuse({ kind: 'refused', reason: 'campaign_unknown' }, [terminal.texts.campaignUnknown(id)]);
}

function refusePlan(terminal: Terminal, reason: 'over' | 'past_deadline'): ExitCode {
  return terminal.refuse({ kind: 'refused', reason }, [terminal.texts.send.refused[reason]]);
}

async function findPlan(context: CliContext, args: PlanArgs): Promise<{ plan: WavePlan; lastDay: string } | null> {
  const terms = await findPlanTerms(context, args.campaign);
  return terms && { plan: planOf(args, { ...terms, now: context.clock.now() }), lastDay: terms.lastDay };
}

function linesOfPreview({ texts }: Terminal, plan: WavePlan, preview: WavePreview): string[] {
  const { send } = texts;
  const { fromOn, untilOn, firstHour, endHour } = plan.hours;
  const days = preview.reminderDays;
  const cost = (segments: number) =>
    preview.smsYen === null ? null : texts.yen(BigInt(segments === 0 ? 0 : Math.ceil((preview.smsYen * segments) / preview.smsSegments)));
  const out = Object.entries(preview.leftOut).filter(([, count]) => count > 0) as [keyof WavePreview['leftOut'], number][];
  return [
    send.plan.when(send.group[plan.group], send.purpose[plan.purpose], `${fromOn}–${untilOn}`, `${firstHour}:00–${endHour}:00`),
    ...(reachIntoNight(plan.hours) ? [send.plan.night] : []),
    ...(days ? [send.reminders(days)] : []),
    send.plan.pace(plan.perHour),
    ...Object.entries(plan.domainPerHour).map(([domain, count]) => send.plan.domain(domain, count)),
    ...(plan.warmUp.length > 0 ? [send.plan.warmUp(plan.warmUp.map(digits).join(', '))] : []),
    send.plan.messages(preview.people, preview.messages.mail, preview.messages.sms),
    ...(preview.messages.sms > 0 ? [send.plan.sms(preview.smsSegments, cost(preview.smsSegments))] : []),
    ...(days && days.length > 1
      ? [
          send.plan.rounds(
            days.length,
            days.length * (preview.messages.mail + preview.messages.sms),
            days.length * preview.smsSegments,
            cost(days.length * preview.smsSegments),
          ),
        ]
      : []),
    ...out.map(([reason, count]) => send.plan.leftOut(send.leftOut[reason], count)),
    ...preview.domains.map(({ domain, messages }) => `  ${domain}: ${digits(messages)}`),
    ...linesOfEnd(send, preview),
  ];
}

function linesOfEnd({ plan }: SendTexts, { messages, reminderDays, endsAt }: WavePreview): string[] {
  const moment = endsAt && japanTime(endsAt);
  if (messages.mail + messages.sms === 0) return [];
  if (reminderDays === null) return [moment ? plan.endsAt(moment) : plan.noEnd];
  if (reminderDays.length === 0) return [];
  return [moment ? plan.roundEnds(moment) : plan.roundNoEnd];
}

const ENDED: readonly WaveReport['state'][] = ['done', 'over', 'stopped'];

function linesOfUninvited({ texts: { send } }: Terminal, uninvited: Awaited<ReturnType<typeof findUninvited>>): string[] {
  return uninvited.map(({ group, people }) => send.uninvited(send.group[group], people));
}

function linesOfReport({ texts }: Terminal, report: WaveReport): string[] {
  const { send } = texts;
  const state = `${send.state[report.state]}${report.waitsFor ? `（${send.waits[report.waitsFor]}）` : ''}`;
  return [
    `${send.wave(report.number)}  ${send.group[report.group]}  ${send.purpose[report.purpose]}  ${state}`,
    `  ${report.fromOn}–${report.untilOn}  ${report.firstHour}:00–${report.endHour}:00  ${send.plan.pace(report.perHourNow)}`,
    `  ${send.progress(report.sent, report.open, ENDED.includes(report.state) ? null : report.left)}`,
    ...report.counts.map(
      ({ channel, state: at, reason, messages }) =>
        `    ${channel} ${send.message[at]}${reason ? ` (${reason})` : ''}: ${digits(messages)}`,
    ),
    ...(report.reminderDays ? [`  ${send.reminders(report.reminderDays)}`] : []),
    ...(report.endsAt ? [`  ${send.plan.endsAt(japanTime(report.endsAt))}`] : []),
  ];
}
