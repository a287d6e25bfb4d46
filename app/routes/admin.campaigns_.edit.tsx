import type { Form } from '../auth/form';
import { fitOfMessages } from '../auth/message-fit';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { checkStepUp, offerStepUp, type StepUpResult } from '../auth/step-up';
import { goTo } from '../auth/visit';
import { CampaignFormPage, type CampaignFormProps } from '../components/console/campaign-form-page';
import { NOTE_LONGEST } from '../domain/acts';
import type { CampaignFile } from '../domain/campaign';
import { movedByDays, needsSecond, tooLaxToBegin, withAnnouncements, withStrictPolicy } from '../domain/campaign-change';
import { checkCampaign } from '../domain/campaign-check';
import { campaignDifference, mergeTyped } from '../domain/campaign-difference';
import { offerFieldName } from '../domain/campaign-fields';
import { type CampaignRead, campaignFormNames, readCampaignForm, type TypedCampaign, typedCampaign } from '../domain/campaign-form';
import { campaignContent, toStore } from '../domain/campaign-store';
import { storeCampaignChange } from '../services/change-campaign';
import { proposeOfficeAct } from '../services/propose-office-act';
import { findCampaignAtVersion, findCampaignFile, findVersionFile, findWhetherStarted, listVersions } from '../views/campaign-file';

const ROUTE = 'admin.campaigns_.edit';
/** What the proposal of a change is refused with, in the form's words. */
const REFUSALS: Readonly<Partial<Record<string, CampaignFormProps['refusal']>>> = {
  already_proposed: 'proposed',
  nothing_changes: 'nothing_changes',
  deadline_not_later: 'deadline_not_later',
};
const DAYS = /^-?\d{1,4}$/;
const VERSION = /^\d{1,4}$/;

/** Setting a programme up: one that exists, a copy of one with its dates moved, or a new one. Checked as a whole before it is stored. */
export const loader = staffPage(ROUTE, async (visit) => {
  const place = await placeOf(visit, visit.query);
  if (!place) return notFound(visit);
  return page(visit, place, { typed: place.typed });
});

export const action = staffForms(ROUTE, {
  check: (visit, form) => withPlace(visit, form, (place) => show(visit, place, form, {})),
  save: (visit, form) => withPlace(visit, form, (place) => save(visit, place, form)),
});

/** What is being set up. */
interface Place {
  /** Null: a new programme. */
  readonly base: CampaignFile | null;
  /** Which version that is. */
  readonly version: number;
  readonly typed: TypedCampaign;
  readonly started: boolean;
}

async function placeOf(visit: StaffVisit, asked: Form): Promise<Place | null> {
  const { portal } = visit;
  const providers = providersOf(visit);
  const id = asked.one('campaign');
  if (id) {
    const found = maySee(visit, id) ? await findCampaignAtVersion(portal, id) : null;
    if (!found) return null;
    const { file: base, version } = found;
    return { base, version, typed: typedCampaign(base, providers), started: await findWhetherStarted(portal, id) };
  }
  // A new programme belongs to nobody yet.
  if (visit.staff.scope !== 'all') return null;
  const from = asked.one('from');
  const source = from ? await findCampaignFile(portal.db, from) : null;
  if (from && !source) return null;
  const days = asked.one('days') ?? '0';
  const copied = source && withStrictPolicy(movedByDays(source, DAYS.test(days) ? Number(days) : 0));
  return { base: null, version: 0, typed: copied ? { ...typedCampaign(copied, providers), id: '' } : {}, started: false };
}

async function withPlace(visit: StaffVisit, form: Form, handle: (place: Place) => Promise<Response>): Promise<Response> {
  const place = await placeOf(visit, form);
  if (!place) return notFound(visit);
  return place.base && form.one('version') !== String(place.version) ? showStale(visit, place, form) : handle(place);
}

function providersOf({ portal }: StaffVisit): readonly string[] {
  return [...portal.providers.keys()];
}

function read(visit: StaffVisit, { base }: Place, form: Form): { typed: TypedCampaign; result: CampaignRead } {
  const names = campaignFormNames(providersOf(visit));
  const typed = Object.fromEntries(names.map((name) => [name, form.text(name) ?? '']));
  const own = base ? { ...typed, id: base.id } : typed;
  const result = readCampaignForm(own, base, providersOf(visit));
  const lax = result.ok && !base ? tooLaxToBegin(result.file) : [];
  if (lax.length === 0) return { typed: own, result };
  return { typed: own, result: { ok: false, problems: Object.fromEntries(lax.map((name) => [name, 'lax'])) } };
}

/** Somebody else stored a version since this form was opened: what they did, and what was typed over it. Nothing is stored. */
async function showStale(visit: StaffVisit, place: Place, form: Form): Promise<Response> {
  const { portal } = visit;
  const { base, version } = place;
  const { typed } = read(visit, place, form);
  const begun = form.one('version') ?? '';
  const since = VERSION.test(begun) ? Number(begun) : version;
  const file = (at: number) => (base ? findVersionFile(portal, base.id, at) : null);
  const [old, now] = [await file(since), await file(version)];
  const versions = (base ? await listVersions(portal, base.id) : []).filter((each) => each.version > since);
  const shown = (of: CampaignFile) => typedCampaign(of, providersOf(visit));
  const merged = old && now ? mergeTyped(typed, { old: shown(old), now: shown(now) }) : typed;
  const theirs = { versions, changes: old && now && campaignDifference(old, now) };
  return page(visit, place, { typed: merged, theirs, refusal: 'stale' }, 422);
}

/** The same once it turns out while storing. */
async function showOvertaken(visit: StaffVisit, form: Form): Promise<Response> {
  const place = await placeOf(visit, form);
  return place ? showStale(visit, place, form) : notFound(visit);
}

/** What it would come to: problems at their fields, or findings and changes with the way to store it. */
async function show(
  visit: StaffVisit,
  place: Place,
  form: Form,
  more: Pick<CampaignFormProps, 'refusal'> & { proof?: StepUpResult & { kind: 'refused' } },
): Promise<Response> {
  const { typed, result } = read(visit, place, form);
  if (!result.ok) return page(visit, place, { typed, problems: result.problems }, 422);
  const { base, started } = place;
  const stored = toStore(result.file);
  const offers = result.file.offers.map((offer) => ({ ...offer, paused: false }));
  const findings = checkCampaign({ ...stored, offers, messages: fitOfMessages(visit, stored) });
  const faults = findings.some(({ weight }) => weight === 'fault');
  const { proof, refusal } = more;
  const checked = {
    findings,
    changes: base && campaignDifference(base, result.file),
    needsSecond: base !== null && needsSecond(base, result.file, started),
    stepUp: faults
      ? null
      : { offer: await offerStepUp(visit, binding(result.file.id)), error: proof?.reason ?? null, minutes: proof?.minutes },
  };
  return page(visit, place, { typed, checked, refusal, note: form.text('note') ?? '' }, refusal || proof || faults ? 422 : 200);
}

async function save(visit: StaffVisit, place: Place, form: Form): Promise<Response> {
  const { result } = read(visit, place, form);
  if (!result.ok) return show(visit, place, form, {});
  const { base, version, started } = place;
  const { portal, staff } = visit;
  const file = base && started ? withAnnouncements(base, result.file) : result.file;
  const note = (form.text('note') ?? '').trim();
  if (note.length > NOTE_LONGEST) return show(visit, place, form, { refusal: 'note_too_long' });
  const proof = await checkStepUp(visit, form, binding(file.id));
  if (proof.kind === 'refused') return show(visit, place, form, { proof });
  if (base && needsSecond(base, file, started)) {
    const content = campaignContent(toStore(file));
    const request = {
      staff,
      act: 'change_campaign' as const,
      campaignId: file.id,
      fields: { content, base: String(version) },
      reason: 'office_decided',
      note,
    };
    const proposed = await proposeOfficeAct(portal, request);
    if (proposed.kind === 'refused' && proposed.reason === 'changed_meanwhile') return showOvertaken(visit, form);
    if (proposed.kind === 'refused') return show(visit, place, form, { refusal: REFUSALS[proposed.reason] ?? 'not_found' });
    return goTo(`/admin/approvals/${proposed.approvalId}?now=${proposed.kind}`);
  }
  const stored = await storeCampaignChange(portal, { staff, file, base: base && version, note, publicUrl: visit.context.publicUrl });
  if (stored.kind === 'refused' && stored.reason === 'stale') return showOvertaken(visit, form);
  if (stored.kind === 'refused') return show(visit, place, form, { refusal: stored.reason });
  return goTo(`/admin/campaigns?${new URLSearchParams({ campaign: file.id, did: 'stored' })}`);
}

function binding(subject: string) {
  return { act: 'edit_campaign' as const, subject, yen: null };
}

function page(
  visit: StaffVisit,
  { base, version }: Place,
  shown: Partial<CampaignFormProps> & Pick<CampaignFormProps, 'typed'>,
  status = 200,
) {
  const { t, token } = visit;
  // The offers stand in their own order, those that are switched off behind.
  const rank = (provider: string) => Number(shown.typed[offerFieldName(provider, 'place')]) || Number.MAX_SAFE_INTEGER;
  const providers = [...providersOf(visit)].sort((a, b) => rank(a) - rank(b));
  const title = t(base ? 'campaign.edit' : 'campaign.new');
  const content = (
    <CampaignFormPage t={t} token={token} title={title} isNew={base === null} version={version} providers={providers} {...shown} />
  );
  return showConsole(visit, title, content, { status });
}
