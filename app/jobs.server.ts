import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Trx } from '#db/database';
import { addJob } from '#db/jobs';
import { forgetOldLimits } from '#db/rate-limits';
import { consoleTextsIn } from './i18n/console/texts';
import { JOB_ATTEMPTS, type JobRequest, taskName } from './jobs';
import { getProvider, type Portal, type Sending } from './portal';
import { anchorAudit } from './services/anchor-audit';
import { askAboutMessage } from './services/ask-about-message';
import { askFunds } from './services/ask-funds';
import { expireProposals } from './services/expire-proposals';
import { fallOverMessages } from './services/fall-over-messages';
import { feedWaves } from './services/feed-waves';
import { followClaims } from './services/follow-claims';
import { grantClaims } from './services/grant-claims';
import { indexRecipients } from './services/index-recipients';
import { issueCode } from './services/issue-code';
import { lapseGrants } from './services/lapse-grants';
import { makeExport } from './services/make-export';
import { recordDayProof } from './services/record-day-proof';
import { recoverLink } from './services/recover-link';
import { runBulk } from './services/run-bulk';
import { type RehearsalPlayer, runRehearsal } from './services/run-rehearsal';
import { sendClaimMail } from './services/send-claim-mail';
import { sendMessage } from './services/send-message';
import { sendTextTest } from './services/send-text-test';
import { settleReport } from './services/settle-report';
import { sweepApprovals } from './services/sweep-approvals';
import { sweepBulk } from './services/sweep-bulk';
import { sweepClaimMails } from './services/sweep-claim-mails';
import { sweepDeadlines } from './services/sweep-deadlines';
import { sweepExports } from './services/sweep-exports';
import { sweepFunds } from './services/sweep-funds';
import { sweepIssuing } from './services/sweep-issuing';
import { sweepMessages } from './services/sweep-messages';
import { sweepSearch } from './services/sweep-search';
import { tellFailed } from './services/tell-failed';
import { tellReissued } from './services/tell-reissued';
import { voidCode } from './services/void-code';
import { findDueProofs, getDayFigures } from './views/day-proofs';

/**
 * The job catalogue: every job's payload, how often it is tried, and the service that does it.
 * A job that throws (a bug, a lost database) is tried again with growing pauses; what it does is safe to repeat.
 */

const batchPayload = z.object({ batchId: z.uuid() });
const issueCodePayload = z.object({ codeId: z.uuid() });
const approvalPayload = z.object({ approvalId: z.uuid() });
const exportPayload = z.object({ exportId: z.uuid() });
const reportPayload = z.object({ reportId: z.uuid() });
const recoveryPayload = z.object({ recoveryId: z.uuid() });
const sendMessagePayload = z.object({ messageId: z.uuid() });
const askMessagePayload = sendMessagePayload.extend({
  attempt: z.coerce.number().int().positive().optional(),
  reference: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,120}$/)
    .optional(),
});
const lapseGrantsPayload = z.object({ campaignId: z.string().min(1).max(40) });

/** Adds a job in the transaction of its data. The key keeps one job per thing. */
export async function enqueueJob(trx: Trx, job: JobRequest): Promise<void> {
  await addJob(trx, { ...queuedForm(job), delayMs: job.delayMs, maxAttempts: JOB_ATTEMPTS });
}

/** A job as it stands in the queue. */
export function queuedForm(job: JobRequest): { task: string; payload: Record<string, string>; key: string } {
  // The one id that each job is about.
  const { name, delayMs: _delay, ...rest } = job;
  const { provider: _provider, ...payload } = rest as Record<string, string>;
  const thing = Object.values(payload)[0] ?? '';
  return { task: taskName(job), payload, key: `${name}:${thing}` };
}

export type JobHandler = (payload: unknown, signal?: AbortSignal) => Promise<void>;

/** A group of jobs with workers of its own, so that a slow group cannot hold up another. */
export interface JobGroup {
  readonly name: string;
  readonly concurrency: number;
  readonly jobs: Readonly<Record<string, JobHandler>>;
}

/** How many codes of one provider a worker process issues at the same time. */
const ISSUING_CONCURRENCY = 6;
/** How many messages a worker process sends at the same time. */
const SENDING_CONCURRENCY = 4;

/**
 * All jobs by group: issuing once for each provider, sending, the rest together, and the console's with its own role
 * where this process has it.
 */
export function jobGroups(portal: Portal, consolePortal: Portal | null, sending?: Sending, play: RehearsalPlayer = null): JobGroup[] {
  const issuing: JobGroup[] = [...portal.providers.keys()].map((provider) => ({
    name: `issuing-${provider}`,
    concurrency: ISSUING_CONCURRENCY,
    jobs: {
      [taskName({ name: 'issue-code', provider })]: async (payload, signal) => {
        await issueCode(portal, issueCodePayload.parse(payload), {
          signal,
          wait: async (ms) => void (await sleep(ms, undefined, { signal }).catch(() => undefined)),
        });
      },
    },
  }));
  const general: JobGroup = {
    name: 'general',
    concurrency: 2,
    jobs: {
      'lapse-grants': async (payload, signal) => {
        await lapseGrants(portal, { ...lapseGrantsPayload.parse(payload), signal });
      },
    },
  };
  return [
    ...issuing,
    general,
    ...(sending ? [sendingJobs(portal, sending)] : []),
    ...(consolePortal ? [consoleJobs(consolePortal), rehearsalJobs(consolePortal, play)] : []),
  ];
}

/** Sending has hands of its own: a mail server that stalls holds up nothing else. */
function sendingJobs(portal: Portal, sending: Sending): JobGroup {
  return {
    name: 'sending',
    concurrency: SENDING_CONCURRENCY,
    jobs: {
      'send-message': async (payload, signal) => {
        await sendMessage(portal, sendMessagePayload.parse(payload), {
          sending,
          signal,
          wait: async (ms) => void (await sleep(ms, undefined, { signal }).catch(() => undefined)),
        });
      },
      'settle-report': async (payload) => void (await settleReport(portal, reportPayload.parse(payload))),
      'send-claim-mail': async (payload, signal) => {
        await sendClaimMail(portal, z.object({ mailId: z.uuid() }).parse(payload), {
          sending,
          signal,
          wait: async (ms) => void (await sleep(ms, undefined, { signal }).catch(() => undefined)),
        });
      },
      'send-text-test': async (payload, signal) => {
        await sendTextTest(portal, z.object({ testId: z.uuid() }).parse(payload), { sending, signal });
      },
      'ask-message': async (payload) => void (await askAboutMessage(portal, askMessagePayload.parse(payload), { sending })),
    },
  };
}

/** What the console's pages ask to be done. */
function consoleJobs(portal: Portal): JobGroup {
  return {
    name: 'console',
    concurrency: 2,
    jobs: {
      'make-export': async (payload, signal) => {
        const t = consoleTextsIn('ja');
        await makeExport(portal, exportPayload.parse(payload), { heading: (column) => t(`exports.column.${column}`), signal });
      },
      'recover-link': async (payload) => void (await recoverLink(portal, recoveryPayload.parse(payload))),
      'index-recipients': async (payload) => void (await indexRecipients(portal, batchPayload.parse(payload))),
      'run-bulk': async (payload, signal) => {
        const outcome = await runBulk(portal, approvalPayload.parse(payload), { signal });
        // Stopped with the process: the queue gives it to the next worker.
        if (outcome === 'stopped') throw new Error('stopped in the middle; goes on with the next worker');
      },
      'grant-claims': async (payload, signal) => {
        const outcome = await grantClaims(portal, approvalPayload.parse(payload), { signal });
        if (outcome === 'stopped') throw new Error('stopped in the middle; goes on with the next worker');
      },
      'ask-funds': async (payload) => {
        const { providerId } = z.object({ providerId: z.string() }).parse(payload);
        await askFunds(portal, getProvider(portal, providerId));
      },
      'void-code': async (payload, signal) => {
        await voidCode(portal, approvalPayload.parse(payload), {
          signal,
          wait: async (ms) => void (await sleep(ms, undefined, { signal }).catch(() => undefined)),
        });
      },
    },
  };
}

/** A rehearsal takes a minute and holds nobody up. */
function rehearsalJobs(portal: Portal, play: RehearsalPlayer): JobGroup {
  return {
    name: 'rehearsals',
    concurrency: 1,
    jobs: {
      'play-rehearsal': async (payload, signal) => {
        await runRehearsal(portal, z.object({ rehearsalId: z.uuid() }).parse(payload), { play, signal });
      },
    },
  };
}

/** What every worker does from time to time, with the pause between. Each is safe to run in many processes at once. */
export function recurringJobs(
  portal: Portal,
  consolePortal: Portal | null,
  sending?: Sending,
): { name: string; everyMs: number; run(): Promise<void> }[] {
  return [
    ...(sending ? [{ name: 'sweep-claim-mails', everyMs: 10_000, run: async () => void (await sweepClaimMails(portal, sending)) }] : []),
    ...(sending ? [{ name: 'sweep-messages', everyMs: 10_000, run: async () => void (await sweepMessages(portal, sending)) }] : []),
    {
      name: 'sweep-issuing',
      everyMs: 10_000,
      run: async () => {
        const found = await sweepIssuing(portal);
        if (found > 0) portal.log.warn({ found }, 'codes without a worker were queued again');
      },
    },
    {
      name: 'sweep-deadlines',
      everyMs: 3_600_000,
      run: () => sweepDeadlines(portal),
    },
    { name: 'forget-limits', everyMs: 600_000, run: () => forgetOldLimits(portal.db) },
    // Addresses are read by the console's role only; with nothing to send by, nobody's turn comes.
    ...(consolePortal && sending ? [{ name: 'feed-waves', everyMs: 1_000, run: async () => void (await feedWaves(consolePortal)) }] : []),
    ...(consolePortal && sending
      ? [{ name: 'fall-over-messages', everyMs: 10_000, run: async () => void (await fallOverMessages(consolePortal)) }]
      : []),
    ...(consolePortal ? [{ name: 'sweep-search', everyMs: 5_000, run: async () => void (await sweepSearch(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'sweep-approvals', everyMs: 30_000, run: () => findStrayApprovals(consolePortal) }] : []),
    ...(consolePortal ? [{ name: 'tell-reissued', everyMs: 10_000, run: async () => void (await tellReissued(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'tell-failed', everyMs: 30_000, run: async () => void (await tellFailed(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'follow-claims', everyMs: 30_000, run: async () => void (await followClaims(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'prove-days', everyMs: 600_000, run: () => proveDays(consolePortal) }] : []),
    ...(consolePortal ? [{ name: 'anchor-audit', everyMs: 60_000, run: async () => void (await anchorAudit(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'sweep-exports', everyMs: 60_000, run: async () => void (await sweepExports(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'sweep-funds', everyMs: 60_000, run: () => sweepFunds(consolePortal) }] : []),
    ...(consolePortal ? [{ name: 'sweep-bulk', everyMs: 60_000, run: async () => void (await sweepBulk(consolePortal)) }] : []),
    ...(consolePortal ? [{ name: 'expire-proposals', everyMs: 60_000, run: async () => void (await expireProposals(consolePortal)) }] : []),
  ];
}

async function findStrayApprovals(portal: Portal): Promise<void> {
  const found = await sweepApprovals(portal);
  if (found > 0) portal.log.warn({ found }, 'approved acts without a worker were queued again');
}

/** After midnight in Japan: each campaign's proof of the day that has ended, and of days that were missed before it. */
async function proveDays(portal: Portal): Promise<void> {
  for (const { campaignId, day } of await findDueProofs(portal.db, portal.clock.now())) {
    const figures = await getDayFigures(portal.db, campaignId);
    const made = await recordDayProof(portal, { figures, day, actor: 'worker' });
    if (made && !portal.signer) portal.log.warn({ campaign: campaignId, day }, 'the proof of the day is not signed: there is no PROOF_KEY');
    if (made && figures.differences > 0)
      portal.log.error({ campaign: campaignId, day, differences: figures.differences }, 'the books do not agree');
  }
}
