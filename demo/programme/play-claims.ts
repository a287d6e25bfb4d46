import { sumYen } from '~/domain/yen';
import { correctClaimMail } from '~/services/correct-claim-mail';
import { correctClaimNumber } from '~/services/correct-claim-number';
import { grantClaims } from '~/services/grant-claims';
import { moveClaim } from '~/services/move-claim';
import { claimProofToken } from '~/services/parts/claim-mail';
import { weighClaims } from '~/services/parts/weigh-claims';
import { proposeClaims } from '~/services/propose-claims';
import { proveClaimMail } from '~/services/prove-claim-mail';
import { saveClaimDraft } from '~/services/save-claim-draft';
import { sendClaimMail } from '~/services/send-claim-mail';
import { submitClaim } from '~/services/submit-claim';
import { BATCHES, type BatchName, type ClaimPlan, type ClaimStepPlan } from './claims';
import { approve, CAMPAIGN, expectKind, type Happening, on, type Stage } from './stage';

const MINUTE_MS = 60_000;

/** What becomes of the claims, each step at its moment, by the services that the site and the console call. */
export function claimHappenings(plans: readonly ClaimPlan[]): Happening[] {
  const ids = new Map<ClaimPlan, string>();
  const idOf = (plan: ClaimPlan) => ids.get(plan) ?? '';
  const ofEach = plans.flatMap((plan, n): Happening[] => {
    const received = on(plan.received);
    const happenings: Happening[] = [
      {
        at: received,
        happen: async (stage) => {
          ids.set(plan, await claim(stage, plan, n));
          await sendMails(stage);
        },
      },
    ];
    if (plan.proven !== undefined)
      happenings.push({ at: new Date(received.getTime() + plan.proven * MINUTE_MS), happen: (stage) => prove(stage, idOf(plan)) });
    for (const step of plan.steps ?? [])
      happenings.push({
        at: on(step.at),
        happen: async (stage) => {
          await take(stage, idOf(plan), step);
          await sendMails(stage);
        },
      });
    return happenings;
  });
  const batches = (Object.keys(BATCHES) as BatchName[]).map(
    (name): Happening => ({
      at: on(BATCHES[name].at),
      happen: (stage) =>
        decide(
          stage,
          plans.filter(({ batch }) => batch === name).map((plan) => idOf(plan)),
          BATCHES[name].approved,
        ),
    }),
  );
  return [...ofEach, ...batches];
}

/** Fills the form in and sends it. @returns the claim's id */
async function claim(
  { portal }: Stage,
  { name, kana, postal, address, phone, mail, numbers, language }: ClaimPlan,
  n: number,
): Promise<string> {
  const secret = portal.crypto.newKey();
  const typed = { name, kana, postal, address, phone, mail, numbers };
  await saveClaimDraft(portal, { campaignId: CAMPAIGN, secret, typed });
  const result = await submitClaim(portal, {
    secret,
    campaignId: CAMPAIGN,
    typed,
    language: language ?? 'ja',
    clientIp: `192.0.2.${n + 1}`,
    device: `demo ${n}`,
  });
  const { number } = expectKind(result, 'received');
  const { id } = await portal.db.selectFrom('claims').select('id').where('number', '=', number).executeTakeFirstOrThrow();
  return id;
}

/** Opens the link of the mail. */
async function prove({ portal }: Stage, id: string): Promise<void> {
  const { number, link_key_id } = await portal.db
    .selectFrom('claims')
    .select(['number', 'link_key_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const proof = await proveClaimMail(portal, { number, token: claimProofToken(portal.crypto, id, link_key_id ?? '') });
  if (!proof?.proven) throw new Error(`the demo's claim ${number} was not proven`);
}

async function take({ portal, staff }: Stage, claimId: string, step: ClaimStepPlan): Promise<void> {
  const by = { staff: staff.operator, claimId };
  switch (step.act) {
    case 'number':
      expectKind(await correctClaimNumber(portal, { ...by, was: step.was, became: step.became, reason: 'by_telephone' }), 'corrected');
      return;
    case 'mail':
      expectKind(await correctClaimMail(portal, { ...by, mail: step.became, reason: 'by_telephone' }), 'sent');
      return;
    default:
      expectKind(await moveClaim(portal, { ...by, move: step.act, reason: 'reason' in step ? step.reason : '' }), 'moved');
  }
}

/** Proposes claims that match the register; where it was approved, the grants are made. */
async function decide(stage: Stage, claimIds: readonly string[], approved: boolean): Promise<void> {
  const { portal, staff } = stage;
  const yen = sumYen([...(await weighClaims(portal.db, claimIds)).values()]);
  const proposed = await proposeClaims(portal, { staff: staff.operator, campaignId: CAMPAIGN, claimIds, reason: 'matches', note: '', yen });
  const { approvalId } = expectKind(proposed, 'proposed');
  if (!approved) return;
  await approve(stage, approvalId);
  const granted = await grantClaims(portal, { approvalId });
  if (granted !== 'done') throw new Error(`the demo's claims were not granted: ${granted}`);
  await sendMails(stage);
}

/** Sends what waits for applicants, as the worker would. */
async function sendMails({ portal, sending }: Stage): Promise<void> {
  const queued = await portal.db.selectFrom('claim_mails').select('id').where('state', '=', 'queued').orderBy('id').execute();
  for (const { id } of queued) await sendClaimMail(portal, { mailId: id }, { sending });
}
