import { listClaimsBy } from '#db/claim-search';
import type { CampaignScope } from '../domain/access';
import type { Bilingual } from '../domain/campaign';
import type { ClaimState } from '../domain/claim';
import { openClaimDetails } from '../domain/claim-form';
import { maskMail, maskName, maskPhone } from '../domain/contact';
import { areTrueOf, isTrueOf, numberForm, type Reading } from '../domain/search';
import type { Portal } from '../portal';

/** Somebody who has claimed and has no grant yet, as a list shows them. */
export interface FoundClaimant {
  readonly claimId: string;
  readonly number: string;
  readonly campaign: Bilingual;
  readonly state: ClaimState;
  readonly name: string;
  readonly phone: string;
  readonly mail: string;
}

/** Claims shown on a page of people. */
const CLAIMS_MOST = 20;
/** Candidates that are looked at when two facts must be true. */
const CANDIDATES_MOST = 200;

/** Applicants without a grant of whom one fact, or two of different kinds, are true. Whole facts only: claims are not filed by parts. */
export async function findClaimants(
  { db, crypto }: Pick<Portal, 'db' | 'crypto'>,
  { first, second, scope }: { first: readonly Reading[]; second: readonly Reading[]; scope: CampaignScope },
): Promise<{ readonly claims: readonly FoundClaimant[]; readonly tooMany: boolean }> {
  const indexes = { name: [] as Buffer[], phone: [] as Buffer[], mail: [] as Buffer[] };
  const inquiryNumbers: string[] = [];
  for (const { kind, indexed, text } of [...first, ...second]) {
    if (kind === 'inquiry_number') inquiryNumbers.push(text);
    if (indexed !== undefined && (kind === 'name' || kind === 'phone' || kind === 'mail'))
      indexes[kind].push(...crypto.indexAll(kind, indexed));
  }
  const rows = await listClaimsBy(db, { indexes, inquiryNumbers, scope, limit: CANDIDATES_MOST });
  const found = rows.flatMap((row): FoundClaimant[] => {
    const details = tryOpen(crypto, row);
    if (!details) return [];
    const { name, kana, phone, mail } = details;
    const isTrue = details.numbers.some((number) => {
      const known = { number: '', inquiryNumber: numberForm(number), contact: { name, kana, phone, mail } };
      return second.length > 0 ? areTrueOf(first, second, known) : first.some((reading) => isTrueOf(reading, known));
    });
    if (!isTrue) return [];
    const { id: claimId, number, campaign, state } = row;
    return [{ claimId, number, campaign, state, name: maskName(name), phone: maskPhone(phone), mail: maskMail(mail) }];
  });
  return { claims: found.slice(0, CLAIMS_MOST), tooMany: found.length > CLAIMS_MOST };
}

function tryOpen(crypto: Portal['crypto'], row: Parameters<typeof openClaimDetails>[1]) {
  try {
    return openClaimDetails(crypto, row);
  } catch {
    return null;
  }
}
