import type { Provider } from '~/portal';
import { issueCode } from '~/services/issue-code';
import { requestRedemption } from '~/services/request-redemption';
import { type Difference, getProof } from '~/views/proof';
import { findRecipientPage } from '~/views/recipient-page';
import { createTestDatabase } from './database';
import { type Mishap, type ModelProvider, makeModelProvider } from './model-provider';
import { makeTestPortal, type TestPortal, testKeys } from './portal';
import { insertGrants, insertProgramme } from './programme';
import { insertStaff, type TestStaff } from './staff';

/** A programme with model providers and two people of the console: for tests of what staff do to yen. */
export interface ActingPlace {
  readonly owner: TestPortal;
  readonly web: TestPortal;
  readonly worker: TestPortal;
  readonly console: TestPortal;
  readonly campaignId: string;
  readonly model: ModelProvider;
  readonly operator: TestStaff & { readonly scope: 'all' };
  readonly approver: TestStaff & { readonly scope: 'all' };
  /** What the provider's next calls come to. */
  readonly mishaps: Mishap[];
  /** A grant whose whole residual was chosen and asked for; `fails`: the provider surely refuses. */
  redeemed(options?: { yen?: number; fails?: boolean; doubt?: boolean; provider?: string }): Promise<Redeemed>;
  issue(codeId: string): Promise<unknown>;
  /** What a model was asked. */
  callsOf(provider: string): ModelProvider['calls'];
  /** What the proof finds; nothing when every yen is explained. */
  differences(): Promise<readonly Difference[]>;
  stop(): Promise<void>;
}

export interface Redeemed {
  readonly grantId: string;
  readonly redemptionId: string;
  readonly codeId: string;
  page(): Promise<NonNullable<Awaited<ReturnType<typeof findRecipientPage>>>>;
  attempts(): Promise<{ id: string; state: string; provider_key: string; reason: string | null; last4: string | null }[]>;
}

/** Starts it. The second model cannot be asked to cancel, the third is asked by key only, the fourth tells nothing; others can stand beside them. */
export async function startActingPlace(others: (now: () => Date) => readonly Provider[] = () => []): Promise<ActingPlace> {
  const database = await createTestDatabase();
  const keys = testKeys();
  const owner = makeTestPortal(database.ownerUrl, { keys });
  const mishaps: Mishap[] = [];
  const make = (id: string, capabilities: Parameters<typeof makeModelProvider>[0]['capabilities'] = {}) =>
    makeModelProvider({ id, now: () => owner.clock.now(), mishap: () => mishaps.shift() ?? null, capabilities });
  const model = make('model');
  const models = [
    model,
    make('fixed', { cancel: false }),
    make('spare', { lookup: false }),
    make('blind', { lookup: false, repeatable: false }),
  ];
  const providers = [...models, ...others(() => owner.clock.now())];
  const shared = { keys, clock: owner.clock, providers };
  const [web, worker, consolePortal] = [database.webUrl, database.workerUrl, database.consoleUrl].map((url) => makeTestPortal(url, shared));
  if (!web || !worker || !consolePortal) throw new Error('no portal');
  const campaignId = await insertProgramme(
    owner,
    providers.map(({ id }) => ({ provider: id })),
  );
  const issue = (codeId: string) => issueCode(worker, { codeId }, { wait: async () => {} });
  return {
    owner,
    web,
    worker,
    console: consolePortal,
    campaignId,
    model,
    mishaps,
    operator: { ...(await insertStaff(owner, 'operator')), scope: 'all' },
    approver: { ...(await insertStaff(owner, 'approver')), scope: 'all' },
    issue,
    callsOf: (provider) => models.find(({ id }) => id === provider)?.calls ?? [],
    async redeemed({ yen = 1357, fails = false, doubt = false, provider = 'model' } = {}) {
      const [grantId = ''] = await insertGrants(owner, campaignId, [yen]);
      const answer = await requestRedemption(web, { grantId, requestKey: web.crypto.newKey(), choices: [{ provider, yen: BigInt(yen) }] });
      if (answer.kind !== 'accepted') throw new Error(answer.reason);
      const redemptionId = answer.redemptionIds[0] ?? '';
      const { id: codeId } = await owner.db
        .selectFrom('codes')
        .select('id')
        .where('redemption_id', '=', redemptionId)
        .executeTakeFirstOrThrow();
      if (fails) mishaps.push('rejected');
      if (doubt) mishaps.push('timeout_after');
      await issue(codeId);
      return {
        grantId,
        redemptionId,
        codeId,
        async page() {
          const page = await findRecipientPage(web.db, { grantId, now: owner.clock.now() });
          if (!page) throw new Error('no such grant');
          return page;
        },
        attempts: () =>
          owner.db
            .selectFrom('issuances as i')
            .innerJoin('codes as c', 'c.id', 'i.code_id')
            .innerJoin('redemptions as r', 'r.id', 'c.redemption_id')
            .where('r.grant_id', '=', grantId)
            .select(['i.id', 'i.state', 'i.provider_key', 'i.reason', 'i.last4'])
            .orderBy('i.created_at')
            .orderBy('i.id')
            .execute(),
      };
    },
    differences: async () => (await getProof(owner.db, { campaignId: null })).differences,
    async stop() {
      for (const portal of [web, worker, consolePortal, owner]) await portal.close();
      await database.drop();
    },
  };
}
