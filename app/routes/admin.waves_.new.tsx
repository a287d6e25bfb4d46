import { chooseCampaign } from '../auth/choose-campaign';
import type { Form } from '../auth/form';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { NewWavePage, type NewWaveProps } from '../components/console/new-wave-page';
import { reminderDays } from '../domain/wave';
import { PLAN_FIELDS, planOf, readPlan, type TypedPlan, typedPlan } from '../domain/wave-plan';
import { planWave } from '../services/plan-wave';
import { previewWave } from '../services/preview-wave';
import { findPlanTerms, type PlanTerms } from '../views/plan-terms';

/** Planning a wave: the campaign's own days and limits to begin with, then what it would come to, then the plan. */
export const loader = staffPage('admin.waves_.new', async (visit) => {
  if (visit.query.one('campaign') === null) return chooseCampaign(visit, visit.t('waves.new.title'));
  const terms = await termsOf(visit, visit.query.one('campaign'));
  if (!terms) return notFound(visit);
  const wish = { group: visit.query.one('group') === 'claim' ? 'claim' : 'app', purpose: 'invitation' } as const;
  return page(visit, terms, { typed: typedPlan(planOf(wish, { ...terms, now: visit.now })) });
});

export const action = staffForms('admin.waves_.new', {
  preview: (visit, form) =>
    withPlan(visit, form, async (terms, typed) => {
      const read = readPlan(typed, { now: visit.now, lastDay: terms.lastDay });
      if ('problems' in read) return page(visit, terms, { typed, problems: read.problems }, 422);
      const query = {
        campaignId: terms.id,
        plan: read.plan,
        publicUrl: visit.context.publicUrl,
        channelPerHour: visit.console.channelPerHour,
      };
      const preview = await previewWave(visit.portal, query, { signal: visit.request.signal });
      return preview ? page(visit, terms, { typed, preview, plan: read.plan }) : notFound(visit);
    }),
  plan: (visit, form) =>
    withPlan(visit, form, async (terms, typed) => {
      const read = readPlan(typed, { now: visit.now, lastDay: terms.lastDay });
      if ('problems' in read) return page(visit, terms, { typed, problems: read.problems }, 422);
      const planned = await planWave(visit.portal, { campaignId: terms.id, plan: read.plan, actor: `staff:${visit.staff.id}` });
      if (planned.kind === 'refused') {
        if (planned.reason === 'campaign_unknown') return notFound(visit);
        return page(visit, terms, { typed, problems: [{ field: 'until', problem: planned.reason }] }, 422);
      }
      return goTo(`/admin/waves?${new URLSearchParams({ campaign: terms.id, wave: String(planned.number), did: 'planned' })}`);
    }),
});

const ANY_DAY = { fromOn: '0000-01-01', untilOn: '9999-12-31', firstHour: 0, endHour: 24 };

async function termsOf(visit: StaffVisit, campaignId: string | null): Promise<PlanTerms | null> {
  return campaignId && maySee(visit, campaignId) ? findPlanTerms(visit.portal, campaignId) : null;
}

async function withPlan(
  visit: StaffVisit,
  form: Form,
  handle: (terms: PlanTerms, typed: TypedPlan) => Promise<Response>,
): Promise<Response> {
  const terms = await termsOf(visit, form.one('campaign'));
  const typed = Object.fromEntries(PLAN_FIELDS.map((name) => [name, (form.text(name) ?? '').slice(0, 2_000)])) as TypedPlan;
  return terms ? handle(terms, typed) : notFound(visit);
}

async function page(
  visit: StaffVisit,
  terms: PlanTerms,
  more: Pick<NewWaveProps, 'typed' | 'problems' | 'preview' | 'plan'>,
  status = 200,
): Promise<Response> {
  const { t, token } = visit;
  const name = t.own(terms.settings.name);
  return showConsole(
    visit,
    t('waves.new.title'),
    <NewWavePage
      t={t}
      token={token}
      campaign={{ id: terms.id, name }}
      reminderDays={reminderDays(visit.now, terms.redeemUntil, ANY_DAY)}
      channelPerHour={visit.console.channelPerHour}
      {...more}
    />,
    {
      status,
    },
  );
}
