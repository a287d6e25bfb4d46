import type { Form } from '../auth/form';
import { AGES, type AskedFilter, filterAddress, filterFields, REDEMPTION_STATES, readFilter } from '../auth/redemption-filter';
import { notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { checkStepUp, offerStepUp, type StepUpBinding } from '../auth/step-up';
import { goTo } from '../auth/visit';
import { BulkPage, type BulkTrouble } from '../components/console/bulk-page';
import { RedemptionsPage } from '../components/console/redemptions-page';
import type { StepUpFieldsProps } from '../components/console/step-up-fields';
import { isPermitted } from '../domain/access';
import { ACT_RULES } from '../domain/acts';
import { LISTED_REASONS } from '../domain/listed-reasons';
import { isUuid } from '../domain/uuid';
import { BULK_MOST, type BulkAct, proposeBulk } from '../services/propose-bulk';
import { findFilterChoices, findRedemptions, previewBulk, type RedemptionFilter, type RedemptionKey } from '../views/redemptions';

interface Trouble {
  readonly error?: BulkTrouble;
  readonly stepError?: StepUpFieldsProps['error'];
  readonly minutes?: number;
}

/** Redemptions by a filter; with `propose` in the address, the form of a proposal for many of them. */
export const loader = staffPage('admin.redemptions', async (visit) => {
  const { portal, query, staff, t } = visit;
  const propose = query.one('propose');
  const mayPropose = isPermitted(staff.role, 'bulk');
  if (propose && mayPropose) return bulkPage(visit, query, query.one('do') === 'give_back' ? 'give_back' : 'reissue', {});
  const choices = await findFilterChoices(portal, staff.scope);
  const filter = readFilter(query, { ...choices, reasons: LISTED_REASONS });
  const { rows, next } = await findRedemptions(portal, filterOf(visit, filter), readKey(query.one('before')));
  return showConsole(
    visit,
    t('list.title'),
    <RedemptionsPage
      t={t}
      filter={filter}
      fields={filterFields(filter)}
      {...choices}
      states={REDEMPTION_STATES}
      reasons={LISTED_REASONS}
      ages={Object.keys(AGES) as (keyof typeof AGES)[]}
      rows={rows}
      next={next && filterAddress(filter, [['before', `${next.at.getTime()}.${next.id}`]])}
      seesPeople={isPermitted(staff.role, 'see.person')}
      mayPropose={mayPropose}
    />,
  );
});

export const action = staffForms('admin.redemptions', {
  propose_reissue: (visit, form) => propose(visit, form, 'reissue'),
  propose_give_back: (visit, form) => propose(visit, form, 'give_back'),
});

function filterOf({ staff, now }: StaffVisit, { age, ...rest }: AskedFilter): RedemptionFilter {
  return { scope: staff.scope, ...rest, until: age && new Date(now.getTime() - AGES[age]) };
}

function readKey(text: string | null): RedemptionKey | null {
  const [, ms, id] = /^(\d{1,15})\.(.+)$/.exec(text ?? '') ?? [];
  const at = new Date(Number(ms));
  return isUuid(id) && !Number.isNaN(at.getTime()) && at.getFullYear() < 10_000 ? { at, id } : null;
}

/** What is proposed for: the rows that were chosen, or all that fit; null when the filter names no one provider. */
async function readBulk(visit: StaffVisit, form: Form) {
  const choices = await findFilterChoices(visit.portal, visit.staff.scope);
  const asked = readFilter(form, { ...choices, reasons: LISTED_REASONS });
  const { campaign, provider } = asked;
  if (!campaign || !provider) return null;
  const chosen = form.one('propose') === 'chosen' ? (form.all('r') ?? []).filter(isUuid).slice(0, BULK_MOST) : null;
  const filter = { ...filterOf(visit, asked), campaign, provider };
  const preview = await previewBulk(visit.portal, filter, { chosen, most: BULK_MOST });
  const picks = (chosen ?? []).map((id): [string, string] => ['r', id]);
  return { asked, campaign, provider, preview, more: [['propose', chosen ? 'chosen' : 'all'] as [string, string], ...picks] };
}

function bindingOf(act: BulkAct, { campaign, provider, preview }: NonNullable<Awaited<ReturnType<typeof readBulk>>>): StepUpBinding {
  return { act: 'bulk', subject: `${act}:${campaign}/${provider}`, yen: preview.yen };
}

async function propose(visit: StaffVisit, form: Form, act: BulkAct): Promise<Response> {
  const bulk = await readBulk(visit, form);
  if (!bulk) return notFound(visit);
  const again = (trouble: Trouble) => bulkPage(visit, form, act, trouble, 422);
  const { preview, campaign, provider } = bulk;
  // The numbers on the page are what the person has agreed to.
  if (form.one('count') !== String(preview.ids.length) || form.one('yen') !== String(preview.yen)) return again({ error: 'changed' });
  const reason = form.one('why') ?? '';
  const note = (form.one('note') ?? '').trim();
  if (!ACT_RULES[act].reasons.includes(reason)) return again({ error: 'reason' });
  if (note.length > 500) return again({ error: 'note' });
  const proof = await checkStepUp(visit, form, bindingOf(act, bulk));
  if (proof.kind === 'refused') return again({ stepError: proof.reason, minutes: 'minutes' in proof ? Number(proof.minutes) : undefined });
  const answer = await proposeBulk(visit.portal, {
    staff: visit.staff,
    act,
    campaignId: campaign,
    provider,
    declined: null,
    redemptionIds: preview.ids,
    reason,
    note,
  });
  if (answer.kind === 'refused') return again({ error: answer.reason === 'already_proposed' ? 'already' : 'changed' });
  return goTo(`/admin/approvals/${answer.approvalId}?now=proposed`, proof.headers);
}

async function bulkPage(visit: StaffVisit, form: Form, act: BulkAct, trouble: Trouble, status = 200): Promise<Response> {
  const { t } = visit;
  const bulk = await readBulk(visit, form);
  if (!bulk) return notFound(visit);
  const { asked, preview, more } = bulk;
  return showConsole(
    visit,
    t('bulk.title'),
    <BulkPage
      t={t}
      token={visit.token}
      act={act}
      otherHref={filterAddress(asked, [...more, ['do', act === 'reissue' ? 'give_back' : 'reissue']])}
      backHref={filterAddress(asked)}
      fields={[...filterFields(asked), ...more]}
      count={preview.ids.length}
      yen={preview.yen}
      more={preview.more}
      most={BULK_MOST}
      reasons={ACT_RULES[act].reasons}
      typed={{ why: form.one('why') ?? '', note: form.one('note') ?? '' }}
      offer={await offerStepUp(visit, bindingOf(act, bulk))}
      error={trouble.error ?? null}
      stepError={trouble.stepError ?? null}
      minutes={trouble.minutes}
    />,
    { status },
  );
}
