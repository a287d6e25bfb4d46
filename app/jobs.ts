/** How often a job is tried before it is left to the sweeps. */
export const JOB_ATTEMPTS = 25;

/** A job to be done by a worker, as it is asked for. Payloads are ids, never objects. */
export type JobRequest =
  | { readonly name: 'issue-code'; readonly provider: string; readonly codeId: string; readonly delayMs: number }
  | { readonly name: 'lapse-grants'; readonly campaignId: string; readonly delayMs: number }
  /** Ask the provider to cancel what an approved re-issue replaces, then go on with it. */
  | { readonly name: 'void-code'; readonly approvalId: string; readonly delayMs: number }
  /** Do an approved act on many, item by item. */
  | { readonly name: 'run-bulk'; readonly approvalId: string; readonly delayMs: number }
  /** Make grants of approved claims, one by one. */
  | { readonly name: 'grant-claims'; readonly approvalId: string; readonly delayMs: number }
  | { readonly name: 'index-recipients'; readonly batchId: string; readonly delayMs: number }
  /** Somebody asked for a link again. */
  | { readonly name: 'recover-link'; readonly recoveryId: string; readonly delayMs: number }
  | { readonly name: 'send-message'; readonly messageId: string; readonly delayMs: number }
  /** Its gateway may have news of it, and may have proven what it calls which sending of it. */
  | {
      readonly name: 'ask-message';
      readonly messageId: string;
      readonly attempt?: string;
      readonly reference?: string;
      readonly delayMs: number;
    }
  /** A bounce or a complaint came. */
  | { readonly name: 'settle-report'; readonly reportId: string; readonly delayMs: number }
  /** A mail to an applicant, who has no grant yet. */
  | { readonly name: 'send-claim-mail'; readonly mailId: string; readonly delayMs: number }
  /** A text as whoever writes it will see it. */
  | { readonly name: 'send-text-test'; readonly testId: string; readonly delayMs: number }
  | { readonly name: 'ask-funds'; readonly providerId: string; readonly delayMs: number }
  /** Play a programme's calendar. */
  | { readonly name: 'play-rehearsal'; readonly rehearsalId: string; readonly delayMs: number }
  | { readonly name: 'make-export'; readonly exportId: string; readonly delayMs: number };

/** The queue's name of a job: issuing has a queue for each provider, so that one's trouble stays its own. */
export function taskName(job: Pick<JobRequest, 'name'> & { provider?: string }): string {
  return job.name === 'issue-code' ? `issue-code:${job.provider}` : job.name;
}
