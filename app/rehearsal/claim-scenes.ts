import type { CampaignFile } from '../domain/campaign';
import { exclusiveDeadline } from '../domain/deadline';
import { decideApproval } from '../services/decide-approval';
import { grantClaims } from '../services/grant-claims';
import { claimProofToken } from '../services/parts/claim-mail';
import { weighClaims } from '../services/parts/weigh-claims';
import { proposeClaims } from '../services/propose-claims';
import { proveClaimMail } from '../services/prove-claim-mail';
import { saveClaimDraft } from '../services/save-claim-draft';
import { submitClaim } from '../services/submit-claim';
import { inventCoupons } from './people';
import { after, DAY_MS, HOUR_MS, latest, type Played, type Scene, SECOND_MS } from './scene';
import { sendWhatIsDue } from './sending-scenes';
import type { Stage } from './stage';

/** How many coupons are claimed on the first day; of each later moment one. */
const FIRST_DAY = 5;

/** Of the claim site: its opening and closing to the second, and what is approved by two people. */
export function claimScenes(campaign: CampaignFile): Scene[] {
  const { claims, coupon, sending } = campaign;
  if (!claims) return [];
  const opens = new Date(claims.opensAt);
  const closes = exclusiveDeadline(new Date(claims.closesAt));
  const free = inventCoupons(campaign)
    .coupons.filter(({ inApp }) => !inApp)
    .map(({ number }) => number);
  const scenes: Scene[] = [
    { scene: 'claims_early', at: after(opens, -SECOND_MS), play: (stage) => playClaims(stage, [free[0] ?? '1'], 'before') },
    { scene: 'claims_open', at: opens, play: (stage) => playClaims(stage, free.slice(0, FIRST_DAY), 'received') },
    { scene: 'claims_last', at: after(closes, -SECOND_MS), play: (stage) => playClaims(stage, [free[FIRST_DAY] ?? '1'], 'received') },
    { scene: 'claims_closed', at: closes, play: (stage) => playClaims(stage, [free[FIRST_DAY + 1] ?? '1'], 'after') },
  ];
  // Only a register and its cut-off say what a claim is worth.
  if (!coupon) return scenes;
  const taken = exclusiveDeadline(new Date(coupon.residualTakenAt));
  const linksFrom = sending?.claim ? after(new Date(`${sending.claim.from}T00:00:00+09:00`), -14 * HOUR_MS) : null;
  const firstLook = latest(after(taken, HOUR_MS), after(opens, HOUR_MS), linksFrom);
  const decisions: Scene[] = [{ scene: 'claims_late', at: after(closes, DAY_MS + 10 * HOUR_MS), play: playLateDecision }];
  if (firstLook < closes) decisions.push({ scene: 'claims_decided', at: firstLook, play: playDecision });
  return [...scenes, ...decisions];
}

async function playClaims(stage: Stage, numbers: readonly string[], expected: 'before' | 'received' | 'after'): Promise<Played> {
  const answers = new Set<string>();
  for (const number of numbers) answers.add(await claim(stage, number));
  return { ok: answers.size === 1 && answers.has(expected), facts: { claims: numbers.length, answer: [...answers].join(' ') } };
}

/** Fills the form in, sends it, and proves the address by its link. @returns what was answered */
async function claim({ portal, campaignId }: Stage, number: string): Promise<string> {
  const secret = portal.crypto.newKey();
  const typed = {
    name: '予行 太郎',
    kana: 'ヨコウ タロウ',
    postal: '860-0001',
    address: '熊本県熊本市中央区1-1',
    phone: '090-0000-0002',
    mail: `claim-${number}@rehearsal.invalid`,
    numbers: [number],
  };
  await saveClaimDraft(portal, { campaignId, secret, typed });
  const result = await submitClaim(portal, { secret, campaignId, typed, language: 'ja', clientIp: '192.0.2.1', device: 'rehearsal' });
  if (result.kind === 'outside') return result.window;
  if (result.kind !== 'received') return result.kind;
  const row = await portal.db
    .selectFrom('claims')
    .select(['id', 'link_key_id'])
    .where('number', '=', result.number)
    .executeTakeFirstOrThrow();
  await proveClaimMail(portal, { number: result.number, token: claimProofToken(portal.crypto, row.id, row.link_key_id ?? '') });
  return result.kind;
}

/** Whatever matches the register is proposed and approved. */
async function playDecision({ portal, campaignId, operator, approver }: Stage): Promise<Played> {
  const waiting = await portal.db
    .selectFrom('claims')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('state', '=', 'checking')
    .execute();
  const claimIds = waiting.map(({ id }) => id);
  const weighed = await weighClaims(portal.db, claimIds);
  const yen = [...weighed.values()].reduce((sum, own) => sum + own, 0n);
  const facts = { claims: claimIds.length, grantedYen: Number(yen) };
  const proposed = await proposeClaims(portal, { staff: operator, campaignId, claimIds, reason: 'matches', note: '', yen });
  if (proposed.kind !== 'proposed') return { ok: false, facts: { ...facts, answer: proposed.reason } };
  const { approvalId } = proposed;
  await decideApproval(portal, { staff: approver, approvalId, decision: 'approve', note: '' });
  const done = await grantClaims(portal, { approvalId });
  return { ok: done === 'done' && yen > 0n, facts };
}

/** Whoever claimed in the last second is sent a link as well, in a wave of their own. */
async function playLateDecision(stage: Stage): Promise<Played> {
  const decided = await playDecision(stage);
  const sent = await sendWhatIsDue(stage, 'claim');
  return { ok: decided.ok && sent > 0, facts: { ...decided.facts, sent } };
}
