import { type AttemptFacts, type CodeSituation, codeSituation, type RedemptionState } from '../app/domain/redemption';
import { CODE_COLUMNS, ISSUANCE_COLUMNS, REDEMPTION_COLUMNS } from './columns';
import type { Db, Trx } from './database';
import type { Issuance, Redemption } from './schema';

export interface CodeSheet {
  readonly id: string;
  readonly position: number;
  readonly yen: bigint;
  readonly situation: CodeSituation;
  /** All attempts for it, oldest first. */
  readonly attempts: readonly AttemptFacts[];
  readonly issuanceId: string | null;
  readonly managementNo: string | null;
  readonly expiresOn: string | null;
  readonly issuedAt: Date | null;
}

export interface RedemptionSheet {
  readonly id: string;
  readonly provider: string;
  readonly yen: bigint;
  readonly state: RedemptionState;
  readonly acceptedAt: Date;
  readonly replacesId: string | null;
  readonly failedYen: bigint;
  readonly codes: readonly CodeSheet[];
}

/** A grant's redemptions with their codes, newest first; cancelled ones are left out. */
export async function listRedemptions(db: Db | Trx, grantId: string): Promise<RedemptionSheet[]> {
  const rows = await db
    .selectFrom('redemptions')
    .select(REDEMPTION_COLUMNS)
    .where('grant_id', '=', grantId)
    .where('state', '<>', 'cancelled')
    .orderBy('created_at', 'desc')
    .orderBy('position')
    .execute();
  if (rows.length === 0) return [];
  const codes = await listCodes(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const own = codes.get(row.id) ?? [];
    return {
      id: row.id,
      provider: row.provider,
      yen: row.yen,
      state: row.state,
      acceptedAt: row.accepted_at,
      replacesId: row.replaces_id,
      failedYen: own.reduce((sum, code) => (code.situation === 'failed' ? sum + code.yen : sum), 0n),
      codes: own.filter((code) => code.situation !== 'returned'),
    };
  });
}

/** The codes of redemptions with where each stands, in order. */
export async function listCodes(db: Db | Trx, redemptionIds: readonly string[]): Promise<Map<string, CodeSheet[]>> {
  const codes = await db
    .selectFrom('codes')
    .select(CODE_COLUMNS)
    .where('redemption_id', 'in', [...redemptionIds])
    .orderBy('position')
    .execute();
  const attempts = await listAttempts(
    db,
    codes.map((code) => code.id),
  );
  const sheets = new Map<string, CodeSheet[]>();
  for (const code of codes) {
    const own = attempts.get(code.id) ?? [];
    const facts = own.map(attemptFacts);
    const issued = own.find((attempt) => attempt.state === 'issued');
    const list = sheets.get(code.redemption_id) ?? [];
    list.push({
      id: code.id,
      position: code.position,
      yen: code.yen,
      situation: codeSituation(facts, code.returned_at !== null),
      attempts: facts,
      issuanceId: issued?.id ?? null,
      managementNo: issued?.management_no ?? null,
      expiresOn: issued?.expires_on ?? null,
      issuedAt: issued?.settled_at ?? null,
    });
    sheets.set(code.redemption_id, list);
  }
  return sheets;
}

/** All attempts of codes, oldest first. */
export async function listAttempts(db: Db | Trx, codeIds: readonly string[]): Promise<Map<string, Issuance[]>> {
  const byCode = new Map<string, Issuance[]>();
  if (codeIds.length === 0) return byCode;
  const rows = await db
    .selectFrom('issuances')
    .select(ISSUANCE_COLUMNS)
    .where('code_id', 'in', [...codeIds])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  for (const row of rows) byCode.set(row.code_id, [...(byCode.get(row.code_id) ?? []), row]);
  return byCode;
}

/** An attempt as the rules need it. */
export function attemptFacts(attempt: Issuance): AttemptFacts {
  return { state: attempt.state, reason: attempt.reason as AttemptFacts['reason'], reopened: attempt.reopened_by !== null };
}

/** Locks a redemption for the rest of the transaction. Lock its grant first where both are needed. */
export async function lockRedemption(trx: Trx, redemptionId: string): Promise<Redemption | null> {
  const row = await trx
    .selectFrom('redemptions')
    .select(REDEMPTION_COLUMNS)
    .where('id', '=', redemptionId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** Walks a redemption along the given arrows; the database checks each. */
export async function walkRedemption(trx: Trx, redemptionId: string, way: readonly RedemptionState[], now: Date): Promise<void> {
  for (const state of way) {
    await trx.updateTable('redemptions').set({ state, state_at: now }).where('id', '=', redemptionId).execute();
  }
}
