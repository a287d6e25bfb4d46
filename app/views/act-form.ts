import { findLiveApproval } from '#db/approval-list';
import { listFailedChannels } from '#db/message-channels';
import { findPersonFacts } from '#db/person-facts';
import {
  ACT_RULES,
  type ActRefusalReason,
  type CodeFacts,
  failedCodes,
  issuedCode,
  issuedCodes,
  type PersonAct,
  type PersonFacts,
  type RedemptionFacts,
  subjectOf,
  whyNot,
  yenOf,
} from '../domain/acts';
import { type PolicySettings, policyOf } from '../domain/campaign';
import { type MaskedContact, maskContact, maskPhone, takesSms, tryOpenContact } from '../domain/contact';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';
import { findContactRow, isId } from './person-page';
import { findRecipientPage, type RecipientPage } from './recipient-page';

/** All that the form of one act on one person says. */
export interface ActForm {
  readonly act: PersonAct;
  /** What the recipient's page shows now. */
  readonly page: RecipientPage;
  readonly person: PersonFacts;
  readonly channel: 'mail' | 'sms';
  readonly contact: MaskedContact | null;
  /** The registered addresses, the one that is best written to first; `failed`: their link surely did not arrive there. */
  readonly ways: readonly { readonly channel: 'mail' | 'sms'; readonly address: string; readonly failed: boolean }[];
  /** The registered number where no SMS can be sent to it, masked, and why. */
  readonly noSms: { readonly phone: string; readonly why: 'landline' | 'abroad' } | null;
  readonly redemption: RedemptionFacts | null;
  /** The issued code that a re-issue replaces; null when it is about what failed. */
  readonly code: CodeFacts | null;
  /** What it could be about instead: a redemption, or another code of it. */
  readonly others: readonly { readonly redemption: RedemptionFacts; readonly code: CodeFacts | null }[];
  readonly yen: Yen;
  /** The id that its proof is bound to. */
  readonly subject: string;
  /** Why it is not possible now. */
  readonly no: ActRefusalReason | null;
  /** A proposal about the same thing that waits or runs. */
  readonly live: { readonly id: string; readonly state: 'proposed' | 'approved' } | null;
  readonly policy: PolicySettings;
  readonly needsSecond: boolean;
  /** The provider can be asked to cancel the code. */
  readonly cancels: boolean;
}

/** The form of an act; null when there is no such grant. What is asked for and is not theirs counts as not found. */
export async function findActForm(
  portal: Pick<Portal, 'db' | 'crypto' | 'providers'>,
  wanted: { grantId: string; act: PersonAct; redemptionId: string | null; codeId: string | null; now: Date },
): Promise<ActForm | null> {
  const { grantId, act, now } = wanted;
  const [page, person, row] = await Promise.all([
    findRecipientPage(portal.db, { grantId, now }),
    findPersonFacts(portal.db, { grantId, now }),
    findContactRow(portal, grantId),
  ]);
  if (!page || !person || !row) return null;
  const onRedemption = ACT_RULES[act].subject === 'redemption';
  const redemption = !onRedemption
    ? null
    : wanted.redemptionId === null
      ? subjectOf(act, person, now)
      : (person.redemptions.find(({ id }) => id === wanted.redemptionId) ?? null);
  const replaces = act === 'reissue' && redemption !== null && failedCodes(redemption).length === 0;
  const code = replaces ? (issuedCode(redemption, wanted.codeId ?? undefined) ?? null) : null;
  const unknown = (wanted.redemptionId !== null && onRedemption && !redemption) || (replaces && wanted.codeId !== null && !code);
  const subject = redemption?.id ?? grantId;
  const policy = policyOf(page.campaign);
  const yen = yenOf(act, person, redemption, code?.id);
  const free = (policy.freeUpToYen as Readonly<Record<string, number | undefined>>)[act];
  const opened = tryOpenContact(portal.crypto, row);
  const contact = opened && maskContact(opened);
  const noSms = noSmsTo(opened?.phone ?? null);
  const failed = await listFailedChannels(portal.db, { grantId, linkGeneration: row.link_generation });
  return {
    act,
    page,
    person,
    channel: row.channel,
    contact,
    ways: waysOf({ mail: contact?.mail ?? null, sms: noSms ? null : (contact?.phone ?? null) }, row.channel, failed),
    noSms,
    redemption,
    code,
    others: onRedemption ? listOthers(act, person, now).filter((other) => other.redemption !== redemption || other.code !== code) : [],
    yen,
    subject,
    no: unknown ? 'not_found' : whyNot(act, person, redemption, now),
    live: ACT_RULES[act].approved ? await findLiveApproval(portal.db, { kind: onRedemption ? 'redemption' : 'grant', id: subject }) : null,
    policy,
    needsSecond: ACT_RULES[act].approved && (free === undefined || yen > BigInt(free)),
    cancels: redemption?.source === 'api' && portal.providers.get(redemption.provider)?.capabilities.cancel === true,
  };
}

function noSmsTo(phone: string | null): ActForm['noSms'] {
  if (phone === null || takesSms(phone)) return null;
  return { phone: maskPhone(phone), why: phone.startsWith('+81') ? 'landline' : 'abroad' };
}

function waysOf(
  addresses: { readonly mail: string | null; readonly sms: string | null },
  own: 'mail' | 'sms',
  failed: readonly ('mail' | 'sms')[],
): ActForm['ways'] {
  const all = (own === 'mail' ? (['mail', 'sms'] as const) : (['sms', 'mail'] as const)).flatMap((channel) => {
    const address = addresses[channel];
    return address ? [{ channel, address, failed: failed.includes(channel) }] : [];
  });
  return [...all.filter((way) => !way.failed), ...all.filter((way) => way.failed)];
}

function listOthers(act: PersonAct, person: PersonFacts, now: Date): { redemption: RedemptionFacts; code: CodeFacts | null }[] {
  return person.redemptions
    .filter((redemption) => whyNot(act, person, redemption, now) === null)
    .flatMap((redemption): { redemption: RedemptionFacts; code: CodeFacts | null }[] =>
      act === 'reissue' && failedCodes(redemption).length === 0
        ? issuedCodes(redemption).map((code) => ({ redemption, code }))
        : [{ redemption, code: null }],
    );
}

/** How far a proposal about a grant has come, for the message after it was made. */
export async function findProposal(
  { db }: Pick<Portal, 'db'>,
  { grantId, approvalId }: { grantId: string; approvalId: string | null },
): Promise<{ id: string; act: string; state: string; yen: Yen; expiresAt: Date } | null> {
  if (!isId(approvalId)) return null;
  const row = await db
    .selectFrom('approvals')
    .select(['id', 'act', 'state', 'yen', 'expires_at'])
    .where('id', '=', approvalId)
    .where('grant_id', '=', grantId)
    .executeTakeFirst();
  return row ? { id: row.id, act: row.act, state: row.state, yen: row.yen, expiresAt: row.expires_at } : null;
}
