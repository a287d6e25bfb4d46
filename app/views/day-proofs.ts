import { sql } from 'kysely';
import { type ChainHead, getHead } from '#db/audit-chain';
import type { Db } from '#db/database';
import { findFirstGrant, findLastDayProof, listDayProofs, sumRedemptions, sumStock } from '#db/day-proofs';
import { chainHash, chainStart, isSignedBy } from '../crypto.server';
import { headText, readHead } from '../domain/chain';
import { type DayProofLine, type DayRecord, dayBefore, dayProofText, nextDay } from '../domain/day-proof';
import { japanDay } from '../domain/japan-time';
import { proveIn } from './proof';

export type DayFigures = Omit<DayRecord, 'day' | 'at' | 'version' | 'previous'>;

/** All figures of one campaign's proof, in one snapshot. */
export async function getDayFigures(db: Db, campaignId: string): Promise<DayFigures> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local statement_timeout = 0`.execute(trx);
      const { campaigns, differences } = await proveIn(trx, campaignId);
      const [own] = campaigns;
      if (!own) throw new Error(`there is no campaign ${campaignId}`);
      const redemptions = await sumRedemptions(trx, campaignId);
      const stock = await sumStock(trx, campaignId);
      return {
        campaign: campaignId,
        totals: {
          granted: String(own.grantedYen),
          residual: String(own.residualYen),
          pending: String(own.pendingYen),
          issued: String(own.issuedYen),
          lapsed: String(own.lapsedYen),
          unexplained: String(own.unexplainedYen),
        },
        grants: own.grants,
        providers: own.providers.map((row) => ({
          provider: row.provider,
          pending: String(row.pendingYen),
          issued: String(row.issuedYen),
        })),
        redemptions: redemptions.map((row) => ({ ...row, yen: String(row.yen) })),
        stock: stock.map((row) => ({ ...row, yen: String(row.yen) })),
        differences: differences.length,
        audit: headText(await getHead(trx)),
      };
    });
}

/** How many days are made up for in one run; the next run goes on. */
const MADE_UP_AT_ONCE = 31;

export interface DueProof {
  readonly campaignId: string;
  readonly day: string;
}

/**
 * The days up to yesterday without a proof, in their order: from the day of the first grant, or after the last proof.
 * A day that is made up for has the figures of when it was made; its record says when.
 */
export async function findDueProofs(db: Db, now: Date, campaignId?: string): Promise<DueProof[]> {
  const yesterday = dayBefore(japanDay(now));
  const campaigns = await db
    .selectFrom('campaigns')
    .select(['id', 'created_at'])
    .$if(campaignId !== undefined, (query) => query.where('id', '=', campaignId ?? ''))
    .orderBy('id')
    .execute();
  const due: DueProof[] = [];
  for (const { id, created_at } of campaigns) {
    const last = await findLastDayProof(db, id);
    const begun = (await findFirstGrant(db, id)) ?? created_at;
    let day = last ? nextDay(last.day) : japanDay(begun);
    for (let n = 0; n < MADE_UP_AT_ONCE && day <= yesterday; n += 1) {
      due.push({ campaignId: id, day });
      day = nextDay(day);
    }
  }
  return due;
}

/** Where the audit chain stood when each proof was made: the chain must still stand there. */
export async function listProofHeads(db: Db): Promise<ChainHead[]> {
  const proofs = await listDayProofs(db, null);
  // Only `recordDayProof` writes records, and nobody can change one.
  return proofs.map(({ record }) => readHead((JSON.parse(record) as DayRecord).audit)).filter((head) => head !== null);
}

/** The chain as the lines of an export. */
export async function listDayProofLines(db: Db, campaignId: string | null): Promise<DayProofLine[]> {
  return (await listDayProofs(db, campaignId)).map((row) => ({
    record: row.record,
    hash: row.hash.toString('hex'),
    keyId: row.key_id,
    signature: row.signature?.toString('base64') ?? null,
  }));
}

export type DayFault = 'unreadable' | 'hash' | 'previous' | 'signature' | 'missing_day' | 'differences' | 'empty';

export interface DayReport {
  readonly records: number;
  readonly signatures: number;
  readonly fault: { readonly kind: DayFault; readonly line: number; readonly campaign: string; readonly day: string } | null;
}

/**
 * Checks chains from an export, without a database: every record's hash, what it follows, its signature, and that no
 * day since the given one is missing or was not exact. Stops at the first bad record.
 */
export function checkDayProofs(
  lines: readonly string[],
  { since, publicKeys }: { since: string; publicKeys: readonly string[] },
): DayReport {
  const last = new Map<string, { readonly day: string; readonly hash: Buffer }>();
  let signatures = 0;
  for (const [index, line] of lines.entries()) {
    const fail = (kind: DayFault, campaign = '', day = ''): DayReport => ({
      records: index,
      signatures,
      fault: { kind, line: index + 1, campaign, day },
    });
    const read = readLine(line);
    if (!read) return fail('unreadable');
    const { campaign, day, previous, differences } = read.record;
    const before = last.get(campaign);
    if (previous !== (before?.hash.toString('hex') ?? null)) return fail('previous', campaign, day);
    const hash = chainHash(before?.hash ?? chainStart(), read.line.record);
    if (hash.toString('hex') !== read.line.hash) return fail('hash', campaign, day);
    if (before && day <= before.day) return fail('previous', campaign, day);
    if (before && day >= since && nextDay(before.day) !== day && before.day >= dayBefore(since)) {
      return fail('missing_day', campaign, nextDay(before.day));
    }
    const key = publicKeys.find((own) => own.startsWith(`${read.line.keyId}:`));
    // With keys at hand, a record that none of them signed is as bad as one with a wrong signature.
    if (publicKeys.length > 0) {
      if (!key || !isSignedBy(key, dayProofText({ campaign, day, hash }), Buffer.from(read.line.signature ?? '', 'base64')))
        return fail('signature', campaign, day);
      signatures += 1;
    }
    if (day >= since && differences !== 0) return fail('differences', campaign, day);
    last.set(campaign, { day, hash });
  }
  const reached = [...last.values()].some((own) => own.day >= since);
  return { records: lines.length, signatures, fault: reached ? null : { kind: 'empty', line: 0, campaign: '', day: since } };
}

function readLine(text: string): { line: DayProofLine; record: DayRecord } | null {
  try {
    const line = JSON.parse(text) as DayProofLine;
    const record = JSON.parse(line.record) as DayRecord;
    return typeof record.campaign === 'string' && typeof record.day === 'string' ? { line, record } : null;
  } catch {
    return null;
  }
}
