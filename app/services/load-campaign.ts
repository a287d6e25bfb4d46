import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { appendAudit } from '#db/audit';
import { type CampaignTerms, isCampaignStarted, listStoredOffers, lockCampaign, type StoredOffer, storeCampaign } from '#db/campaigns';
import { inTransaction } from '#db/transaction';
import { type CampaignFile, type CampaignSettings, campaignFile } from '../domain/campaign';
import { raisedLimits, withAnnouncements } from '../domain/campaign-change';
import { type CampaignFinding, checkCampaign } from '../domain/campaign-check';
import { type CampaignToStore, campaignContent, fileOfStored, toStore } from '../domain/campaign-store';
import { messageFit } from '../messages/fit';
import type { Portal } from '../portal';

/** What a file changes in a campaign that exists. */
export type CampaignChange =
  /** New grants get the new deadline; grants that exist keep theirs. */
  | { readonly what: 'deadline'; readonly from: Date; readonly to: Date }
  | { readonly what: 'ceiling'; readonly from: bigint; readonly to: bigint }
  /** Windows and dates that people were told. */
  | { readonly what: 'claims' | 'incident' | 'coupon' | 'sending' }
  /** One person alone may do more than before. */
  | { readonly what: 'limits_raised' }
  | { readonly what: 'settings' }
  | { readonly what: 'offer_added' | 'offer_amount' | 'offer_source' | 'offer_label' | 'offer_order'; readonly provider: string }
  /** No longer in the file: it is paused, never deleted. */
  | { readonly what: 'offer_dropped'; readonly provider: string };

export type CampaignLoadResult =
  | {
      readonly kind: 'loaded';
      readonly campaignId: string;
      readonly outcome: 'created' | 'updated' | 'unchanged';
      readonly changes: readonly CampaignChange[];
      /** Offers of the file that an operator has paused; loading does not reopen them. */
      readonly paused: readonly string[];
      /** What was found looking at it as a whole; faults only when it was forced. */
      readonly findings: readonly CampaignFinding[];
    }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'not_json' }
  /** One line per problem: where, and what. */
  | { readonly kind: 'refused'; readonly reason: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: 'provider_unknown'; readonly providers: readonly string[] }
  /** It does not hold together: somebody would be turned away or could not be paid. */
  | { readonly kind: 'refused'; readonly reason: 'faults'; readonly findings: readonly CampaignFinding[] }
  /** People have grants already and were told other terms. */
  | { readonly kind: 'refused'; readonly reason: 'needs_force'; readonly changes: readonly CampaignChange[] };

/** As long as ours are, where the command line does not know the portal's. */
const UNKNOWN_URL = 'https://portal.example.lg.jp';

/** Changes to what recipients were told; the others can be made at any time. */
const DATED = ['claims', 'incident', 'coupon', 'sending'] as const;
const TERMS: readonly CampaignChange['what'][] = ['deadline', ...DATED, 'offer_amount', 'offer_source', 'offer_dropped'];

/**
 * Loads a campaign's file, or updates the campaign from it. Loading the same file again changes nothing. Once
 * people were told anything, a change of dates, amounts, sources or choices is refused without `force`; and even then it
 * is for what comes: existing grants keep their deadline, accepted redemptions their source and amount. Limits of one
 * person rise by `force` only, whenever it is. A file that does not hold together as a whole is refused without `force` as
 * well. What the public pages say of dates that changed goes on, whatever the file knows of it.
 */
export async function loadCampaign(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'> & { readonly providers: { has(id: string): boolean } },
  { file, force = false, actor, publicUrl = UNKNOWN_URL }: { file: string; force?: boolean; actor: string; publicUrl?: string },
): Promise<CampaignLoadResult> {
  const read = await readCampaignFile(file);
  if (read.kind === 'refused') return read;
  const { campaign } = read;
  const unknown = campaign.offers.map((offer) => offer.provider).filter((provider) => !portal.providers.has(provider));
  if (unknown.length > 0) return { kind: 'refused', reason: 'provider_unknown', providers: unknown };

  const asRead = toStore(campaign);
  const messages = messageFit(asRead, publicUrl);
  const findings = checkCampaign({ ...asRead, offers: campaign.offers.map((offer) => ({ ...offer, paused: false })), messages });
  const faults = findings.filter(({ weight }) => weight === 'fault');
  if (faults.length > 0 && !force) return { kind: 'refused', reason: 'faults', findings: faults };

  return inTransaction(portal.db, async (trx): Promise<CampaignLoadResult> => {
    const stored = await lockCampaign(trx, campaign.id);
    const offers = await listStoredOffers(trx, campaign.id);
    const before = stored && fileOfStored({ ...stored, offers });
    const started = stored !== null && (await isCampaignStarted(trx, campaign.id));
    // The portal writes what it announces: a file knows nothing of it.
    const { announced: _, ...said } = campaign;
    const kept = before ? { ...said, ...(before.announced && { announced: before.announced }) } : campaign;
    const after = before && started ? withAnnouncements(before, campaign) : kept;
    const wanted = toStore(after);
    const raised = before !== null && raisedLimits(before, after).length > 0;
    const changes: CampaignChange[] = stored ? listChanges(stored, offers, wanted, raised) : [];
    const named = new Set(wanted.offers.map((offer) => offer.provider));
    const paused = offers.filter((offer) => offer.pausedAt !== null && named.has(offer.provider)).map((offer) => offer.provider);
    if (stored && changes.length === 0) return { kind: 'loaded', campaignId: campaign.id, outcome: 'unchanged', changes, paused, findings };
    const forced = changes.filter(({ what }) => what === 'limits_raised' || (started && TERMS.includes(what)));
    if (forced.length > 0 && !force) return { kind: 'refused', reason: 'needs_force', changes: forced };

    const now = portal.clock.now();
    await storeCampaign(trx, campaign.id, campaignContent(wanted), { actor, note: '', at: now, approvalId: null });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: campaign.id,
      at: now,
      actor,
      act: stored ? 'campaign.update' : 'campaign.create',
      subjectKind: 'campaign',
      subjectId: campaign.id,
      detail: {
        changes: changes.map((change) => ('provider' in change ? `${change.what}:${change.provider}` : change.what)).join(' '),
        force,
      },
    });
    return { kind: 'loaded', campaignId: campaign.id, outcome: stored ? 'updated' : 'created', changes, paused, findings };
  });
}

async function readCampaignFile(
  file: string,
): Promise<{ kind: 'read'; campaign: CampaignFile } | (CampaignLoadResult & { kind: 'refused' })> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return { kind: 'refused', reason: 'not_found' };
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return { kind: 'refused', reason: 'not_json' };
  }
  const parsed = campaignFile.safeParse(content);
  if (parsed.success) return { kind: 'read', campaign: parsed.data };
  return {
    kind: 'refused',
    reason: 'invalid',
    problems: parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || '(file)'}: ${issue.message.replaceAll('\n', ' ')}`),
  };
}

function listChanges(stored: CampaignTerms, offers: readonly StoredOffer[], wanted: CampaignToStore, raised: boolean): CampaignChange[] {
  const changes: CampaignChange[] = [];
  if (stored.redeemUntil.getTime() !== wanted.redeemUntil.getTime()) {
    changes.push({ what: 'deadline', from: stored.redeemUntil, to: wanted.redeemUntil });
  }
  if (stored.grantCeilingYen !== wanted.grantCeilingYen) {
    changes.push({ what: 'ceiling', from: stored.grantCeilingYen, to: wanted.grantCeilingYen });
  }
  if (raised) changes.push({ what: 'limits_raised' });
  const settings = stored.settings as Partial<CampaignSettings>;
  for (const what of DATED) if (!isDeepStrictEqual(settings[what], wanted.settings[what])) changes.push({ what });
  const rest = (all: Partial<CampaignSettings>) => ({ ...all, claims: null, incident: null, coupon: null, sending: null });
  if (!isDeepStrictEqual(rest(settings), rest(wanted.settings))) changes.push({ what: 'settings' });
  for (const [index, offer] of wanted.offers.entries()) {
    const { provider } = offer;
    const old = offers.find((candidate) => candidate.provider === provider);
    if (!old) {
      changes.push({ what: 'offer_added', provider });
      continue;
    }
    if (!isDeepStrictEqual(old.amount, offer.amount)) changes.push({ what: 'offer_amount', provider });
    if (old.source !== offer.source) changes.push({ what: 'offer_source', provider });
    if (!isDeepStrictEqual(old.label, offer.label)) changes.push({ what: 'offer_label', provider });
    if (old.position !== index + 1) changes.push({ what: 'offer_order', provider });
  }
  for (const { provider, pausedAt } of offers) {
    const dropped = !wanted.offers.some((offer) => offer.provider === provider);
    if (dropped && pausedAt === null) changes.push({ what: 'offer_dropped', provider });
  }
  return changes;
}
