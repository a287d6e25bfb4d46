import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { followClaims } from '~/services/follow-claims';
import { importCoupons } from '~/services/import-coupons';
import { importPayments } from '~/services/import-payments';
import { runCutoff } from '~/services/run-cutoff';
import { redeemAll } from '../redeem';
import { planCases } from './cases';
import { type ClaimPlan, planClaims } from './claims';
import { allCoupons, couponFile, paymentFile } from './coupons';
import { caseHappenings } from './play-cases';
import { claimHappenings } from './play-claims';
import { sendingHappenings } from './sending';
import { approve, CAMPAIGN, expectKind, type Happening, on, play, propose, type Stage } from './stage';

/**
 * The demo's programme from the Monday after the failure to the eve of the demo: the register and its payments, the
 * extension, calls, claims, the cut-off, the links to applicants and what they chose. By the services and the demo's
 * staff, each at its moment. Once: it is not to be played on what was played already.
 */
export async function playProgramme(stage: Stage, { loadLists }: { loadLists: () => Promise<void> }): Promise<void> {
  const claims = planClaims(stage.register);
  await play(stage, [
    { at: on('02-27 09:00'), happen: importFailure },
    { at: on('02-27 10:00'), happen: extend },
    { at: on('03-20 09:00'), happen: importLater },
    { at: on('04-10 09:00'), happen: loadLists },
    { at: on('04-10 10:00'), happen: cutOff },
    ...caseHappenings(planCases(stage.register)),
    ...claimHappenings(claims),
    ...sendingHappenings(),
    ...claims.flatMap(redeeming),
  ]);
}

const ACTOR = 'cli:demo';

async function importFailure({ portal, register }: Stage): Promise<void> {
  const coupons = allCoupons(register);
  await inFile('coupons-20230227.csv', couponFile(coupons), async (file) => {
    expectKind(await importCoupons(portal, { campaignId: CAMPAIGN, actor: ACTOR, rejectedFile: null, file }), 'imported');
  });
  await inFile('payments-20230227.csv', paymentFile(coupons.flatMap(({ payments }) => payments)), async (file) => {
    expectKind(await importPayments(portal, { campaignId: CAMPAIGN, actor: ACTOR, rejectedFile: null, file }), 'imported');
  });
}

async function importLater({ portal, register }: Stage): Promise<void> {
  await inFile('payments-20230320.csv', paymentFile(register.later), async (file) => {
    expectKind(await importPayments(portal, { campaignId: CAMPAIGN, actor: ACTOR, rejectedFile: null, file }), 'imported');
  });
}

async function extend(stage: Stage): Promise<void> {
  const fields = { evidence: '2月24日の障害による（第4報のお知らせ）' };
  await approve(stage, await propose(stage, 'operator', { act: 'extend_coupons', fields, reason: 'failure' }));
}

async function cutOff({ portal }: Stage): Promise<void> {
  const done = expectKind(await runCutoff(portal, { campaignId: CAMPAIGN, actor: ACTOR }), 'ran');
  if (!done.finished) throw new Error("the demo's cut-off was not finished");
}

/** An applicant who chose: all by one provider. */
function redeeming({ redeemed, numbers }: ClaimPlan): Happening[] {
  if (!redeemed) return [];
  return [
    {
      at: on(redeemed.at),
      happen: async ({ portal, clock }) => {
        const grant = await portal.db
          .selectFrom('claims as c')
          .innerJoin('claim_coupons as n', 'n.claim_id', 'c.id')
          .innerJoin('grants as g', 'g.id', 'c.grant_id')
          .where('n.inquiry_number', '=', numbers[0] ?? '')
          .select(['g.id', 'g.granted_yen'])
          .executeTakeFirstOrThrow();
        const { provider } = redeemed;
        await redeemAll({ portal, clock }, { grantId: grant.id, provider, yen: grant.granted_yen, attempts: 1, looks: true });
        await followClaims(portal);
      },
    },
  ];
}

/** Hands a file over that is there for as long as it is read. */
async function inFile(name: string, text: string, read: (file: string) => Promise<void>): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'uketori-demo-'));
  try {
    const file = path.join(folder, name);
    await fs.writeFile(file, text);
    await read(file);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
