import { appendAudit } from '#db/audit';
import { findCampaign } from '#db/campaigns';
import { lockCase } from '#db/cases';
import type { Trx } from '#db/database';
import type { Case, CaseNotesTable } from '#db/tables/cases';
import { inTransaction } from '#db/transaction';
import { type CampaignScope, isInScope } from '../../domain/access';
import { type CaseState, caseDue, caseSettingsOf, mayCaseGo } from '../../domain/case';
import { CASE_NOTE_PLACE } from '../../domain/case-contact';
import type { Portal } from '../../portal';
import { actorOf } from './acts/act';

/** Which case, and who works on it. */
export interface CaseWork {
  readonly caseId: string;
  readonly staff: { readonly id: string; readonly scope: CampaignScope };
}

/** Why a step was not taken; each has a sentence in the catalogue (`case.no.*`). */
export const CASE_STEP_REFUSALS = [
  'not_found',
  'not_now',
  'reason_missing',
  'text_missing',
  'text_too_long',
  'identity_wrong',
  'too_many_today',
  'not_held',
  'coupon_unknown',
  'proposed',
] as const;
export interface CaseRefused {
  readonly kind: 'refused';
  readonly reason: (typeof CASE_STEP_REFUSALS)[number];
  readonly field?: string;
}

/** Makes a refusal of a step. */
export function refuseStep(reason: CaseRefused['reason'], field?: string): CaseRefused {
  return field === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, field };
}

/** What a step changes and leaves behind. */
export interface CaseStep {
  /** Its name on the record: case.moved, … */
  readonly act: string;
  readonly to?: CaseState;
  readonly set?: Partial<Pick<Case, 'owner_id' | 'identified_at' | 'coupon_id' | 'shop_answer' | 'shop_answered_at'>>;
  readonly note: CaseNotesTable['kind'];
  readonly reason?: string;
  readonly body?: string;
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

export type CaseStepped = { readonly kind: 'done'; readonly state: CaseState } | CaseRefused;

const BODY_LONGEST = 1_000;

/** What changes nothing of what a second person was asked to approve. */
const BESIDE: readonly string[] = ['case.noted', 'case.taken'];

/** Takes one step in a case behind its lock: the change, its line in the story, and the record. Refused, nothing is written. */
export async function stepCase(
  portal: Pick<Portal, 'db' | 'clock' | 'crypto'>,
  { caseId, staff }: CaseWork,
  decide: (trx: Trx, row: Case, now: Date) => Promise<CaseStep | CaseRefused> | CaseStep | CaseRefused,
): Promise<CaseStepped> {
  return inTransaction(portal.db, async (trx): Promise<CaseStepped> => {
    const row = await lockCase(trx, caseId);
    if (!row || !isInScope(staff.scope, row.campaign_id)) return refuseStep('not_found');
    const now = portal.clock.now();
    const step = await decide(trx, row, now);
    if ('kind' in step) return step;
    if (!BESIDE.includes(step.act) && (await isProposed(trx, row.id))) return refuseStep('proposed');
    const { to, set = {}, note, reason = null } = step;
    const body = step.body?.trim() ?? '';
    if (body.length > BODY_LONGEST) return refuseStep('text_too_long', 'body');
    if (to && !mayCaseGo(row.state, to)) return refuseStep('not_now');
    const moved = to
      ? { state: to, state_at: now, reason, due_at: caseDue(to, now, caseSettingsOf((await findCampaign(trx, row.campaign_id))?.settings)) }
      : {};
    const changes = { ...set, ...moved };
    if (Object.keys(changes).length > 0) await trx.updateTable('cases').set(changes).where('id', '=', row.id).execute();
    const state = to ?? row.state;
    const actor = actorOf(staff.id);
    await appendCaseNote(portal, trx, row, { kind: note, state, reason, body, actor, now });
    await appendAudit(trx, {
      id: portal.crypto.newId(now),
      campaignId: row.campaign_id,
      at: now,
      actor,
      act: step.act,
      subjectKind: 'case',
      subjectId: row.id,
      detail: { ...(to && { caseWas: row.state, caseState: to }), ...(reason && { caseReason: reason }), ...step.detail },
    });
    return { kind: 'done', state };
  });
}

/** Whether a proposal about the case waits for a second person: until then it stays as it was proposed. */
async function isProposed(trx: Trx, caseId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('approvals')
    .select('id')
    .where('subject_kind', '=', 'case')
    .where('subject_id', '=', caseId)
    .where('state', '=', 'proposed')
    .executeTakeFirst();
  return row !== undefined;
}

/** Adds a line to the story of a case. */
export async function appendCaseNote(
  { crypto }: Pick<Portal, 'crypto'>,
  trx: Trx,
  of: Pick<Case, 'id' | 'campaign_id'>,
  note: { kind: CaseNotesTable['kind']; state: CaseState; reason: string | null; body: string; actor: string; now: Date },
): Promise<void> {
  const id = crypto.newId(note.now);
  const sealed = note.body === '' ? null : crypto.seal(CASE_NOTE_PLACE, id, note.body);
  await trx
    .insertInto('case_notes')
    .values({
      id,
      case_id: of.id,
      campaign_id: of.campaign_id,
      kind: note.kind,
      state: note.state,
      reason: note.reason,
      body_sealed: sealed?.sealed ?? null,
      body_key_id: sealed?.keyId ?? null,
      actor: note.actor,
      at: note.now,
    })
    .execute();
}
