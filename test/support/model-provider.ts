import type { Capabilities, IssueOutcome, ProviderConnection, UnknownCause } from '#adapters/providers/port';
import type { Provider } from '~/portal';

/**
 * A provider as a model: it keeps its own truth apart from the portal, and everything that can go wrong
 * between the two can be asked of it. Tests and the simulation hold the ledger against this truth.
 */

export type Mishap =
  | 'timeout_before' // no answer, nothing done
  | 'timeout_after' // issued, no answer
  | 'timeout_delayed' // no answer; issued some time later
  | 'error_before'
  | 'error_after'
  | 'torn' // issued, unreadable answer
  | 'never_sent'
  | 'throttled'
  | 'out_of_stock'
  | 'insufficient_funds'
  | 'rejected'
  | 'delivered_twice' // the network repeats the request
  | 'same_code' // gives a code that someone else holds
  | 'wrong_amount'
  | 'cancel_too_late' // a cancel comes too late
  | 'cancel_lost' // cancelled, but the answer stays away
  | 'replays_cancelled'; // a code that was cancelled behind our back comes again as a yes

export interface Issue {
  readonly key: string;
  readonly yen: number;
  readonly code: string;
  readonly reference: string;
  cancelled: boolean;
}

export interface ModelOptions {
  readonly id?: string;
  readonly capabilities?: Partial<Capabilities>;
  readonly now: () => Date;
  /** The mishap of the next issuing call, if any. */
  readonly mishap?: () => Mishap | null;
  /** How long a delayed request or a lagging look-up takes to be seen, in ms; stays below `settleAfterMs`. */
  readonly lagMs?: () => number;
}

export interface ModelProvider extends Provider {
  /** Everything it really issued. */
  readonly issues: ReadonlyMap<string, Issue>;
  /** Codes and references it gave out, in order, duplicates by mishap included. */
  readonly calls: { readonly kind: 'issue' | 'lookup' | 'reveal' | 'cancel'; readonly key: string }[];
  cancelBehindOurBack(key: string): void;
}

const CAPABILITIES: Capabilities = {
  codes: 'stored',
  repeatable: true,
  settlingDeclines: ['never_seen'],
  lookup: true,
  cancel: true,
  funds: false,
  keyHorizonMs: 7 * 86_400_000,
  settleAfterMs: 30_000,
  ratePerSecond: 100_000,
  throttlePauseMs: 1_000,
  timeLimitMs: 6_000,
};

/** Makes a model provider; without mishaps it answers at once and well. */
export function makeModelProvider(options: ModelOptions): ModelProvider {
  const id = options.id ?? 'model';
  const capabilities = { ...CAPABILITIES, ...options.capabilities };
  const issues = new Map<string, Issue>();
  const delayed: { at: number; key: string; yen: number }[] = [];
  const visibleAt = new Map<string, number>();
  const calls: ModelProvider['calls'] = [];
  let serial = 0;

  const unknown = (cause: UnknownCause): IssueOutcome => ({ kind: 'unknown', cause });
  const deliverDelayed = () => {
    const now = options.now().getTime();
    for (let i = delayed.length - 1; i >= 0; i -= 1) {
      const late = delayed[i];
      if (late && late.at <= now) {
        delayed.splice(i, 1);
        issueOnce(late.key, late.yen);
        // Processed when it arrived, whenever this model gets to it.
        visibleAt.set(late.key, late.at);
      }
    }
  };
  const issueOnce = (key: string, yen: number): Issue => {
    const before = issues.get(key);
    if (before) return before;
    serial += 1;
    const issue: Issue = {
      key,
      yen,
      code: `TEST${id.toUpperCase().slice(0, 4)}${String(serial).padStart(10, '0')}`,
      reference: `${id}-${serial}`,
      cancelled: false,
    };
    issues.set(key, issue);
    visibleAt.set(key, options.now().getTime() + (options.lagMs?.() ?? 0));
    return issue;
  };
  const yes = (issue: Issue): IssueOutcome =>
    issue.cancelled
      ? unknown('voided')
      : {
          kind: 'issued',
          yen: issue.yen,
          issued: { code: issue.code, reference: issue.reference, expiresOn: '2023-09-30', managementNo: `M${issue.reference}` },
        };

  const connection: ProviderConnection = {
    async issue({ key, yen }) {
      deliverDelayed();
      calls.push({ kind: 'issue', key });
      const known = issues.get(key);
      if (known && known.yen !== yen) return { kind: 'declined', reason: 'rejected', detail: 'another amount' };
      const mishap = options.mishap?.() ?? null;
      switch (mishap) {
        case 'timeout_before':
          return unknown('timeout');
        case 'timeout_after':
          issueOnce(key, yen);
          return unknown('timeout');
        case 'timeout_delayed':
          delayed.push({ at: options.now().getTime() + (options.lagMs?.() ?? 0), key, yen });
          return unknown('connection_lost');
        case 'error_before':
          return unknown('server_error');
        case 'error_after':
          issueOnce(key, yen);
          return unknown('server_error');
        case 'torn':
          issueOnce(key, yen);
          return unknown('unreadable');
        case 'never_sent':
          return unknown('never_sent');
        case 'throttled':
        case 'out_of_stock':
        case 'insufficient_funds':
        case 'rejected':
          // A gate refuses before it looks whether the key was served.
          return { kind: 'declined', reason: mishap };
        case 'delivered_twice':
          issueOnce(key, yen);
          return yes(issueOnce(key, yen));
        case 'wrong_amount':
          return { kind: 'unknown', cause: 'wrong_amount' };
        case 'same_code': {
          const other = [...issues.values()].find((issue) => issue.key !== key && issue.yen === yen && !issue.cancelled);
          if (!other || known) return yes(issueOnce(key, yen));
          return { kind: 'issued', yen, issued: { code: other.code, reference: other.reference } };
        }
        case 'replays_cancelled':
          issueOnce(key, yen).cancelled = true;
          return yes(issueOnce(key, yen));
        default:
          return yes(issueOnce(key, yen));
      }
    },
  };
  if (capabilities.lookup) {
    connection.lookup = async ({ key }) => {
      deliverDelayed();
      calls.push({ kind: 'lookup', key });
      const issue = issues.get(key);
      const visible = (visibleAt.get(key) ?? 0) <= options.now().getTime();
      return issue && visible ? yes(issue) : { kind: 'declined', reason: 'never_seen' };
    };
  }
  if (capabilities.codes === 'refetch') {
    connection.reveal = async ({ key }) => {
      calls.push({ kind: 'reveal', key });
      const issue = issues.get(key);
      return issue ? yes(issue) : { kind: 'declined', reason: 'never_seen' };
    };
  }
  if (capabilities.cancel) {
    connection.cancel = async ({ key }) => {
      calls.push({ kind: 'cancel', key });
      const issue = issues.get(key);
      if (!issue) return { kind: 'declined', reason: 'never_seen' };
      const mishap = options.mishap?.() ?? null;
      if (mishap === 'timeout_before') return { kind: 'unknown', cause: 'timeout' };
      if (mishap === 'cancel_too_late') return { kind: 'declined', reason: 'too_late' };
      issue.cancelled = true;
      return mishap === 'cancel_lost' ? { kind: 'unknown', cause: 'timeout' } : { kind: 'cancelled' };
    };
  }
  return {
    id,
    capabilities,
    brand: {
      tile: { letters: 'T', colour: '#1a1a1c' },
      groupBy: 4,
      text: {
        ja: { codeName: '番号', needs: '', usable: '', open: '', steps: [], notes: [], issuer: '', legal: [] },
        en: { codeName: 'Code', needs: '', usable: '', open: '', steps: [], notes: [], issuer: '', legal: [] },
      },
    },
    keyFor: (issuanceId) => `${id}-${issuanceId}`,
    connection,
    issues,
    calls,
    cancelBehindOurBack(key) {
      const issue = issues.get(key);
      if (issue) issue.cancelled = true;
    },
  };
}
