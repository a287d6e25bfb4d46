import { randomBytes } from 'node:crypto';
import { findCampaign } from '#db/campaigns';
import { appendEntry } from '#db/ledger';
import type { OfferAmount } from '~/domain/campaign';
import { grantedLegs } from '~/domain/ledger';
import type { TestPortal } from './portal';

/** 31 May 2023, 23:59:59 in Japan, as the exclusive instant. */
export const DEADLINE = new Date('2023-06-01T00:00:00+09:00');

const SETTINGS = {
  name: { ja: 'テスト補償', en: 'Test compensation' },
  office: { ja: 'テスト事務局', en: 'Test Office' },
  callCentre: {
    name: { ja: 'コールセンター', en: 'Call centre' },
    tel: '0120-000-000',
    hours: { ja: '平日 10:00～18:00', en: 'weekdays 10:00-18:00' },
  },
  senders: { mail: 'noreply@example.jp', sms: '03-0000-0000' },
  promiseMinutes: 60,
};

export const ANY_AMOUNT: OfferAmount = { kind: 'range', minYen: 1, maxYen: 500_000, stepYen: 1 };

/** A campaign with the given offers, as owner. */
export async function insertProgramme(
  owner: TestPortal,
  offers: readonly { provider: string; amount?: OfferAmount; source?: 'api' | 'stock' }[],
  id = 'test-2023',
): Promise<string> {
  const now = owner.clock.now();
  await owner.db
    .insertInto('campaigns')
    .values({ id, settings: JSON.stringify(SETTINGS), redeem_until: DEADLINE, grant_ceiling_yen: 1_000_000n, created_at: now })
    .execute();
  await owner.db
    .insertInto('offers')
    .values(
      offers.map((offer, index) => ({
        campaign_id: id,
        provider: offer.provider,
        position: index + 1,
        label: JSON.stringify({ ja: offer.provider, en: offer.provider }),
        amount: JSON.stringify(offer.amount ?? ANY_AMOUNT),
        source: offer.source ?? 'api',
      })),
    )
    .execute();
  return id;
}

/** Grants with their yen on the ledger, as owner. Returns ids in the order of the amounts. */
export async function insertGrants(owner: TestPortal, campaignId: string, yen: readonly number[]): Promise<string[]> {
  const now = owner.clock.now();
  const campaign = await findCampaign(owner.db, campaignId);
  const grants = yen.map((each) => ({ id: owner.crypto.newId(now), recipientId: owner.crypto.newId(now), yen: BigInt(each) }));
  for (let i = 0; i < grants.length; i += 500) {
    const batch = grants.slice(i, i + 500);
    await owner.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('recipients')
        .values(
          batch.map((grant) => ({
            id: grant.recipientId,
            campaign_id: campaignId,
            contact_sealed: Buffer.from('none'),
            contact_key_id: 'none',
            index_key_id: 'none',
          })),
        )
        .execute();
      await trx
        .insertInto('grants')
        .values(
          batch.map((grant) => ({
            id: grant.id,
            campaign_id: campaignId,
            recipient_id: grant.recipientId,
            number: `T-${grant.id.slice(-12)}`,
            granted_yen: grant.yen,
            deadline_at: campaign?.redeemUntil ?? DEADLINE,
            channel: 'mail' as const,
            link_key_id: owner.crypto.linkKeyId,
            link_digest: owner.crypto.linkDigest(owner.crypto.linkToken(grant.id, 1)),
            created_at: now,
          })),
        )
        .execute();
      await appendEntry(
        trx,
        { id: owner.crypto.newId(now), campaignId, kind: 'granted', actor: 'test', at: now },
        grantedLegs(batch.map((grant) => ({ grantId: grant.id, yen: grant.yen }))),
      );
    });
  }
  return grants.map((grant) => grant.id);
}

/** Bought codes on the shelf, as owner. */
export async function insertStock(owner: TestPortal, campaignId: string, provider: string, faces: readonly number[]): Promise<void> {
  const now = owner.clock.now();
  const importId = owner.crypto.newId(now);
  await owner.db
    .insertInto('imports')
    .values({
      id: importId,
      campaign_id: campaignId,
      kind: 'stock',
      file_name: 'stock.csv',
      file_digest: randomBytes(32),
      row_count: faces.length,
      accepted_count: faces.length,
      rejected_count: 0,
      total_yen: BigInt(faces.reduce((sum, face) => sum + face, 0)),
      actor: 'test',
      at: now,
    })
    .execute();
  for (const face of faces) {
    const id = owner.crypto.newId(now);
    const code = `TEST${randomBytes(6).toString('hex').toUpperCase()}`;
    const { sealed, keyId } = owner.crypto.seal('stock_codes.code', id, JSON.stringify({ code, managementNo: '123' }));
    await owner.db
      .insertInto('stock_codes')
      .values({
        id,
        campaign_id: campaignId,
        provider,
        import_id: importId,
        yen: BigInt(face),
        code_sealed: sealed,
        code_key_id: keyId,
        digest: owner.crypto.codeDigest(provider, code),
        expires_on: '2023-09-30',
      })
      .execute();
  }
}
