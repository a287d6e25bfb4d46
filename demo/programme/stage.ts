import type { Bulk } from '#db/bulk';
import type { StandingClock } from '~/clock';
import type { Role } from '~/domain/access';
import type { OfficeActName } from '~/domain/office-acts';
import type { Portal, Sending } from '~/portal';
import { decideApproval } from '~/services/decide-approval';
import { proposeOfficeAct } from '~/services/propose-office-act';
import type { DemoRegister } from './coupons';

export const CAMPAIGN = 'kumamoto-2023';

/** One of the demo's staff, at work. */
export interface Actor {
  readonly id: string;
  readonly scope: 'all';
}

/** Where the demo's past is played: the real services, at moments of its calendar. */
export interface Stage {
  readonly portal: Portal & { readonly bulk: Bulk };
  readonly clock: StandingClock;
  readonly register: DemoRegister;
  readonly sending: Sending;
  readonly staff: Readonly<Record<Extract<Role, 'call_centre' | 'operator' | 'approver'>, Actor>>;
}

/** Something that happens at its moment. */
export interface Happening {
  readonly at: Date;
  happen(stage: Stage): Promise<void>;
}

/** A moment of 2023 in Japan: '03-24 14:05'. */
export function on(moment: string): Date {
  return new Date(`2023-${moment.replace(' ', 'T')}:00+09:00`);
}

/** Makes things happen in the order of time, each with the clock at its moment. */
export async function play(stage: Stage, happenings: readonly Happening[]): Promise<void> {
  for (const { at, happen } of [...happenings].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    stage.clock.set(at);
    await happen(stage);
  }
}

/** Proposes an act of the office. @returns the proposal that waits for the second person */
export async function propose(
  { portal, staff }: Stage,
  by: 'operator' | 'call_centre',
  { act, fields, reason, note = '' }: { act: OfficeActName; fields: Readonly<Record<string, string>>; reason: string; note?: string },
): Promise<string> {
  const proposed = await proposeOfficeAct(portal, { staff: staff[by], act, campaignId: CAMPAIGN, fields, reason, note });
  return expectKind(proposed, 'proposed').approvalId;
}

/** The second person agrees, some minutes later. */
export async function approve({ portal, staff, clock }: Stage, approvalId: string): Promise<void> {
  clock.advance(25 * 60_000);
  const decided = await decideApproval(portal, { staff: staff.approver, approvalId, decision: 'approve', note: '' });
  if (decided.kind !== 'done' && decided.kind !== 'running') throw new Error(`the demo's proposal was not carried out: ${decided.kind}`);
}

/** What a service answered, if it is what the demo needs. @throws with the reason when it is not */
export function expectKind<Answer extends { readonly kind: string }, Kind extends Answer['kind']>(
  answer: Answer,
  ...kinds: readonly Kind[]
): Extract<Answer, { readonly kind: Kind }> {
  if (!(kinds as readonly string[]).includes(answer.kind))
    throw new Error(
      `the demo's past cannot be made: ${JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`,
    );
  return answer as Extract<Answer, { readonly kind: Kind }>;
}
