import type { Form } from '../auth/form';
import { maySee, notFound, type StaffVisit, showConsole, staffForms, staffPage } from '../auth/staff-visit';
import { showTextPage, type TextShown, textKeyOf, typedText } from '../auth/text-editor';
import { goTo } from '../auth/visit';
import { readText, saveText } from '../services/save-text';
import { testText } from '../services/test-text';

/** One text: what is sent now, the editor, how it will look, its versions. */
export const loader = staffPage('admin.texts.$text', (visit) => {
  const key = textKeyOf(visit, visit.query.one('campaign'));
  const did = (['saved', 'restored'] as const).find((each) => each === visit.query.one('did')) ?? null;
  return key ? show(visit, { key, did, version: Number(visit.query.one('version') ?? 0) }) : notFound(visit);
});

export const action = staffForms('admin.texts.$text', {
  preview: (visit, form) => withText(visit, form, (shown) => show(visit, { ...shown, checked: true })),
  save: (visit, form) =>
    withText(visit, form, async (shown) => {
      const { key, typed } = shown;
      const text = readText(typed, key.channel);
      const result = await saveText(visit.portal, { ...by(visit), key, text, base: typed.base });
      if (result.kind === 'saved') return onward(visit, shown, 'saved');
      if (result.kind === 'not_found') return notFound(visit);
      if (result.kind === 'wrong') return show(visit, { ...shown, problems: result.problems }, 422);
      return show(visit, { ...shown, no: result.kind }, 409);
    }),
  restore: (visit, form) =>
    withText(visit, form, async (shown) => {
      const result = await saveText(visit.portal, { ...by(visit), key: shown.key, text: null, base: shown.typed.base });
      if (result.kind === 'saved') return onward(visit, shown, 'restored');
      return result.kind === 'overtaken' || result.kind === 'same' ? show(visit, { ...shown, no: result.kind }, 409) : notFound(visit);
    }),
  test: (visit, form) =>
    withText(visit, form, async (shown) => {
      const { key, typed } = shown;
      const result = await testText(visit.portal, { ...by(visit), key, text: readText(typed, key.channel), address: typed.address });
      if (result.kind === 'queued') return show(visit, { ...shown, tested: result.mask });
      if (result.kind === 'not_found') return notFound(visit);
      if (result.kind === 'wrong') return show(visit, { ...shown, problems: result.problems }, 422);
      return show(visit, { ...shown, testNo: result.reason }, result.reason === 'too_many' ? 429 : 422);
    }),
});

type Typed = TextShown & { readonly typed: NonNullable<TextShown['typed']> };

async function withText(visit: StaffVisit, form: Form, handle: (shown: Typed) => Response | Promise<Response>): Promise<Response> {
  const key = textKeyOf(visit, form.one('campaign'));
  return key && maySee(visit, key.campaignId) ? handle({ key, typed: typedText(form) }) : notFound(visit);
}

function by(visit: StaffVisit): { staffId: string; publicUrl: string } {
  return { staffId: visit.staff.id, publicUrl: visit.context.publicUrl };
}

function onward(visit: StaffVisit, { key }: TextShown, did: 'saved' | 'restored'): Response {
  return goTo(`${visit.url.pathname}?${new URLSearchParams({ campaign: key.campaignId, did })}`);
}

async function show(visit: StaffVisit, shown: TextShown, status = 200): Promise<Response> {
  if (!maySee(visit, shown.key.campaignId)) return notFound(visit);
  const page = await showTextPage(visit, shown);
  return page ? showConsole(visit, page.title, page.content, { status }) : notFound(visit);
}
