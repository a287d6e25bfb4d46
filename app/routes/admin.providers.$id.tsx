import type { Form } from '../auth/form';
import { notFound, type StaffVisit, showConsole, staffPage, staffUploads } from '../auth/staff-visit';
import { goTo } from '../auth/visit';
import { ProviderPage, type ProviderPageProps } from '../components/console/provider-page';
import type { StockOutcome } from '../components/console/stock-section';
import { isPermitted } from '../domain/access';
import { readExactYen } from '../domain/yen';
import { cliTextsFor } from '../i18n/cli-texts-in';
import type { ConsoleTextKey } from '../i18n/console/texts';
import { getProvider } from '../portal';
import { askFunds } from '../services/ask-funds';
import { loadStock, type StockLoadResult } from '../services/load-stock';
import { PAUSE_REASONS, pauseOffer } from '../services/pause-offer';
import { setLowWater } from '../services/set-low-water';
import { findProviderPage, type ProviderPage as Provider } from '../views/providers';

const DONE = ['paused', 'resumed', 'marked', 'asked', 'notAsked', 'unanswered', 'loaded'] as const;
type Done = (typeof DONE)[number];

export const loader = staffPage('admin.providers.$id', async (visit) => {
  const provider = await find(visit);
  return provider ? page(visit, provider) : notFound(visit);
});

export const action = staffUploads('admin.providers.$id', {
  async preview(visit, form) {
    const provider = await find(visit);
    return provider ? page(visit, provider, { pause: { ...pauseOf(form), wrong: null } }) : notFound(visit);
  },
  async pause(visit, form) {
    const provider = await find(visit);
    if (!provider) return notFound(visit);
    const written = pauseOf(form);
    const result = await pauseOffer(visit.portal, { ...ofProvider(visit, provider), pause: written });
    if (result.kind !== 'refused') return onward(visit, 'paused');
    if (result.field === null) return notFound(visit);
    const problem = result.reason === 'too_long' ? 'provider.note.tooLong' : 'provider.note.missing';
    return page(visit, provider, { pause: { ...written, wrong: { field: result.field, problem } } }, 422);
  },
  async resume(visit) {
    const provider = await find(visit);
    if (!provider) return notFound(visit);
    await pauseOffer(visit.portal, { ...ofProvider(visit, provider), pause: null });
    return onward(visit, 'resumed');
  },
  async low_water(visit, form) {
    const provider = await find(visit);
    if (!provider) return notFound(visit);
    const [face, low] = [form.one('face') ?? '', form.one('low') ?? ''];
    const result = await setLowWater(visit.portal, { ...ofProvider(visit, provider), face, low });
    if (result.kind === 'set') return onward(visit, 'marked');
    return result.reason === 'not_found' ? notFound(visit) : page(visit, provider, { mark: { face, typed: low } }, 422);
  },
  async ask_funds(visit) {
    const provider = await find(visit);
    if (!provider) return notFound(visit);
    const asked = await askFunds(visit.portal, getProvider(visit.portal, provider.provider));
    return onward(visit, asked === 'answered' ? 'asked' : asked === null ? 'notAsked' : 'unanswered');
  },
  async load_stock(visit, form, file) {
    const provider = await find(visit);
    const reader = provider && visit.console.stockReader(provider.provider);
    if (!provider || !reader) return notFound(visit);
    if (!file) return page(visit, provider, { stock: { sentence: visit.t('provider.fileMissing'), good: false, problems: [] } }, 422);
    const typed = (form.one('yen') ?? '').normalize('NFKC').trim();
    const yen = readExactYen(typed);
    const result = await loadStock(
      { ...visit.portal, bulk: visit.console.bulk },
      {
        campaignId: provider.campaignId,
        provider: provider.provider,
        file: file.path,
        fileName: file.name,
        yen: yen === null ? undefined : Number(yen),
        reader,
        actor: `staff:${visit.staff.id}`,
      },
    );
    const again = (await find(visit)) ?? provider;
    return page(visit, again, { stock: outcomeOf(visit, result) }, result.kind === 'loaded' || result.kind === 'repeated' ? 200 : 422);
  },
});

function outcomeOf({ t }: StaffVisit, result: StockLoadResult): StockOutcome {
  const words = cliTextsFor(t.language);
  switch (result.kind) {
    case 'loaded':
      return { sentence: t('provider.loaded', { count: result.rows, yen: t.yen(result.totalYen) }), good: true, problems: [] };
    case 'repeated':
      return { sentence: t('provider.repeated', { moment: t.moment(result.past.at) }), good: true, problems: [] };
    case 'rejected':
      return {
        sentence: t('provider.rejected', { rows: result.rows, rejected: result.rejected }),
        good: false,
        problems: result.problems.slice(0, 100).map(({ row, problem, firstRow }) => ({
          row,
          problem: (words.stock.problems[problem] ?? problem) + (firstRow === undefined ? '' : words.stock.firstRow(firstRow)),
        })),
      };
    case 'refused': {
      const trouble =
        result.reason === 'file'
          ? words.file[result.trouble]
          : result.reason === 'face_value_missing'
            ? words.stock.faceValueMissing
            : result.reason === 'no_rows'
              ? words.noRows
              : result.reason === 'busy'
                ? words.busy
                : result.reason === 'collision'
                  ? words.collision
                  : words.stock.offerUnknown('', '');
      return { sentence: t('provider.fileTrouble', { trouble }), good: false, problems: [] };
    }
  }
}

function pauseOf(form: Form) {
  return { reason: form.one('reason') ?? '', ja: form.text('ja') ?? '', en: form.text('en') ?? '' };
}

function ofProvider({ staff }: StaffVisit, { campaignId, provider }: Provider) {
  return { staffId: staff.id, campaignId, provider };
}

function find(visit: StaffVisit): Promise<Provider | null> {
  return findProviderPage(visit.portal, { id: visit.params.id, scope: visit.staff.scope, now: visit.now });
}

function onward({ params }: StaffVisit, done: Done): Response {
  return goTo(`/admin/providers/${params.id}?done=${done}`);
}

function page(visit: StaffVisit, provider: Provider, more: Partial<ProviderPageProps> = {}, status = 200): Promise<Response> {
  const { t, staff, token, query, request } = visit;
  const done = DONE.find((each) => each === query.one('done'));
  return showConsole(
    visit,
    t.own(provider.label),
    <ProviderPage
      t={t}
      token={token}
      provider={provider}
      may={{
        pause: isPermitted(staff.role, 'pause_provider'),
        mark: isPermitted(staff.role, 'set_low_water'),
        ask: isPermitted(staff.role, 'ask_funds'),
        load: isPermitted(staff.role, 'load_stock'),
      }}
      pauseReasons={PAUSE_REASONS}
      needsFaceValue={visit.console.stockReader(provider.provider)?.needsFaceValue ?? false}
      done={done && request.method !== 'POST' ? (`provider.done.${done}` as ConsoleTextKey) : null}
      {...more}
    />,
    { status },
  );
}
