import type { IssueOutcome } from '#adapters/providers/port';
import { appendAudit } from '#db/audit';
import { findRevealable, type Revealable } from '#db/reveals';
import { takeSlot } from '#db/slots';
import { type Refusal, refuse } from '../domain/refusal';
import { getProvider, type Portal } from '../portal';

/** A code as the recipient sees it. Bearer money: goes to the page and nowhere else. */
export interface ShownCode {
  readonly kind: 'shown';
  readonly provider: string;
  readonly yen: bigint;
  readonly code: string;
  readonly pin: string | null;
  readonly url: string | null;
  /** Last day of use, YYYY-MM-DD, in Japan. */
  readonly expiresOn: string | null;
  readonly managementNo: string | null;
  readonly issuedAt: Date;
}

export interface CodeUnavailable {
  readonly kind: 'unavailable';
  readonly retryAfterSeconds: number;
}

const PATIENCE_MS = 3_000;

/**
 * Shows a recipient one of their issued codes, also after the deadline, and writes it down first.
 * Kept codes are opened; codes that may not be kept are asked for again with the key they were made with.
 * @returns the code; `unavailable` when the provider does not give it now; refusals: not_found (also for
 *   other people's codes and codes not issued yet), frozen
 */
export async function revealCode(
  portal: Portal,
  { grantId, codeId, wait }: { grantId: string; codeId: string; wait?: (ms: number) => Promise<void> },
): Promise<ShownCode | CodeUnavailable | Refusal> {
  const found = await findRevealable(portal.db, { grantId, codeId });
  if (!found) return refuse('not_found');
  const now = portal.clock.now();
  const content = found.code_sealed && found.code_key_id ? openKept(portal, found) : await fetchAgain(portal, found, now, wait);
  await writeReveal(portal, found, grantId, content ? 'shown' : 'unavailable', now);
  if (!content) return { kind: 'unavailable', retryAfterSeconds: 30 };
  return {
    kind: 'shown',
    provider: found.provider,
    yen: found.yen,
    code: content.code,
    pin: content.pin ?? null,
    url: safeUrl(content.url),
    expiresOn: found.expires_on,
    managementNo: found.management_no,
    issuedAt: found.settled_at,
  };
}

interface CodeContent {
  readonly code: string;
  readonly pin?: string;
  readonly url?: string;
}

function openKept(portal: Portal, found: Revealable): CodeContent {
  return JSON.parse(
    portal.crypto.open('issuances.code', found.issuance_id, found.code_sealed ?? Buffer.alloc(0), found.code_key_id ?? ''),
  ) as CodeContent;
}

async function fetchAgain(
  portal: Portal,
  found: Revealable,
  now: Date,
  wait: ((ms: number) => Promise<void>) | undefined,
): Promise<CodeContent | null> {
  const provider = getProvider(portal, found.provider);
  if (!provider.connection.reveal) return null;
  // Past the horizon the provider may have forgotten the key, and asking again would buy a second code.
  if (now.getTime() >= found.created_at.getTime() + provider.capabilities.keyHorizonMs) return null;
  const waitMs = await takeSlot(portal.db, {
    of: 'provider',
    id: provider.id,
    ratePerSecond: provider.capabilities.ratePerSecond,
    patienceMs: PATIENCE_MS,
  });
  if (waitMs === null || (waitMs > 0 && !wait)) return null;
  if (wait && waitMs > 0) await wait(waitMs);
  const answer: IssueOutcome = await provider.connection.reveal({ key: found.provider_key, yen: Number(found.yen) }, { now });
  if (answer.kind !== 'issued') {
    portal.log.warn({ issuance: found.issuance_id, provider: provider.id, answer: answer.kind }, 'a code could not be fetched again');
    return null;
  }
  // The same key must bring the same code; another one would be a second issue.
  const same =
    portal.crypto.codeDigest(provider.id, answer.issued.code).equals(found.digest) && answer.issued.reference === found.reference;
  if (!same) {
    portal.log.error({ issuance: found.issuance_id, provider: provider.id }, 'a provider answered the same key with another code');
    return null;
  }
  return answer.issued;
}

async function writeReveal(portal: Portal, found: Revealable, grantId: string, outcome: 'shown' | 'unavailable', now: Date): Promise<void> {
  await portal.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('reveals')
      .values({ id: portal.crypto.newId(now), issuance_id: found.issuance_id, grant_id: grantId, actor: 'recipient', outcome, at: now })
      .execute();
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: found.campaign_id,
      at: now,
      actor: 'recipient',
      act: `code.${outcome}`,
      subjectKind: 'issuance',
      subjectId: found.issuance_id,
    });
  });
}

/** Only https links are ever put behind a button. */
function safeUrl(url: string | undefined): string | null {
  return url?.startsWith('https://') ? url : null;
}
