import type { CallOptions, IssueOutcome } from '#adapters/providers/port';
import { findSlot } from '#db/issuances';
import { findClosedUntil } from '#db/provider-states';
import { takeSlot } from '#db/slots';
import { getProvider, type Portal } from '../portal';
import { type OpenedAttempt, openAttempt } from './parts/open-attempt';
import { settleAttempt } from './parts/settle-attempt';
import { issueFromStock } from './parts/stock-issuing';

/** How long a worker waits for its turn at a provider before it gives the job back. */
const SLOT_PATIENCE_MS = 5_000;

export interface IssueCodeOptions {
  /** Ends the call early when the worker shuts down. */
  readonly signal?: AbortSignal;
  /** Waits for the provider's next slot; the worker's timer. */
  wait(ms: number): Promise<void>;
}

/**
 * Brings one code a step further: asks the provider (or takes from stock) and settles the answer.
 * Transaction A writes the attempt with its key, the provider is asked outside any transaction,
 * transaction B settles. It may be repeated and crash anywhere: what is not settled is found again.
 * @returns what happened, for the log and the tests
 */
export async function issueCode(
  portal: Portal,
  { codeId }: { codeId: string },
  options: IssueCodeOptions,
): Promise<'nothing_to_do' | 'later' | 'asked'> {
  const slot = await findSlot(portal.db, codeId);
  if (!slot) return 'nothing_to_do';
  if (slot.redemption.source === 'stock') return issueFromStock(portal, codeId);

  const provider = getProvider(portal, slot.redemption.provider);
  const closedUntil = await findClosedUntil(portal.db, provider.id);
  const closedMs = closedUntil ? closedUntil.getTime() - portal.clock.now().getTime() : 0;
  if (closedMs > 0) return putOff(portal, provider.id, codeId, closedMs);

  const waitMs = await takeSlot(portal.db, {
    of: 'provider',
    id: provider.id,
    ratePerSecond: provider.capabilities.ratePerSecond,
    patienceMs: SLOT_PATIENCE_MS,
  });
  if (waitMs === null) return putOff(portal, provider.id, codeId, SLOT_PATIENCE_MS);
  if (waitMs > 0) await options.wait(waitMs);

  const opened = await openAttempt(portal, { codeId, provider });
  if (opened.kind !== 'ask') return opened.kind;
  const answer = await ask(opened, { signal: options.signal, now: portal.clock.now() });
  await settleAttempt(portal, { opened, answer });
  return 'asked';
}

async function ask({ provider, question, key, yen }: OpenedAttempt, options: CallOptions): Promise<IssueOutcome> {
  const { connection } = provider;
  const request = { key, yen: Number(yen) };
  return question === 'lookup' && connection.lookup ? connection.lookup(request, options) : connection.issue(request, options);
}

async function putOff(portal: Portal, provider: string, codeId: string, delayMs: number): Promise<'later'> {
  await portal.db.transaction().execute((trx) => portal.enqueue(trx, { name: 'issue-code', provider, codeId, delayMs }));
  return 'later';
}
