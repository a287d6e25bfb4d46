import { CLAIM_STATES } from '~/domain/claim';
import { openClaimDetails } from '~/domain/claim-form';
import type { Portal } from '~/portal';
import { EVERYTHING } from './programme/coupons';
import { CAMPAIGN } from './programme/stage';

/** Where the demo's data are worth a look: what is printed beside the links. */
export interface DemoExamples {
  /** One person with coupons, a claim, a case, grants and messages. */
  readonly person: { readonly name: string; readonly phone: string; readonly path: string } | null;
  /** Claims as their applicants ask for them at /claim/status, by state. */
  readonly claims: readonly { readonly state: string; readonly number: string; readonly fact: string }[];
}

/** Looks them up; a database of an older demo has none. */
export async function listExamples({ db, crypto }: Pick<Portal, 'db' | 'crypto'>): Promise<DemoExamples> {
  const rows = await db
    .selectFrom('claims')
    .where('campaign_id', '=', CAMPAIGN)
    .select(['id', 'number', 'state', 'grant_id', 'details_sealed', 'details_key_id'])
    .orderBy('received_at')
    .execute();
  const claims = rows.map((row) => ({
    ...row,
    details: openClaimDetails(crypto, { id: row.id, detailsSealed: row.details_sealed, detailsKeyId: row.details_key_id }),
  }));
  const all = claims.find(({ details, grant_id }) => details.name === EVERYTHING.name && grant_id !== null);
  const first = CLAIM_STATES.flatMap((state) => claims.find((claim) => claim.state === state) ?? []);
  return {
    person: all ? { name: EVERYTHING.name, phone: EVERYTHING.phone, path: `/admin/people/${all.grant_id}` } : null,
    claims: first.map(({ state, number, details }) => ({ state, number, fact: details.mail })),
  };
}
