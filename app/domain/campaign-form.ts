import { type CampaignFile, campaignFile, type OfferAmount } from './campaign';
import {
  CAMPAIGN_FIELDS,
  type CampaignField,
  type CampaignSection,
  OFFER_FIELDS,
  type OfferField,
  OPTIONAL_SECTIONS,
  offerFieldName,
} from './campaign-fields';
import { japanTime, readWrittenTime } from './japan-time';

/** A programme's file as a form has it, and back. Pure. What the form does not show stays as it was. */

/** What was typed, by the form's names; a section or an offer that is switched on has its name with the value 1. */
export type TypedCampaign = Readonly<Record<string, string>>;

export type CampaignProblem = 'missing' | 'moment' | 'day' | 'number' | 'numbers' | 'wrong' | 'long' | 'lax';

/** The longest text of a programme. */
const CAMPAIGN_TEXT_LONGEST = 2_000;
export type CampaignRead =
  | { readonly ok: true; readonly file: CampaignFile }
  /** By the form's names; `form` is about the whole. */
  | { readonly ok: false; readonly problems: Readonly<Record<string, CampaignProblem>> };

type Json = Record<string | number, unknown>;
const SECTIONS = Object.keys(OPTIONAL_SECTIONS) as CampaignSection[];

/** The form's name of the switch of a section. */
export function sectionName(section: CampaignSection): string {
  return `has_${section}`;
}

/** Every name that the form can send. */
export function campaignFormNames(providers: readonly string[]): string[] {
  return [
    'id',
    ...SECTIONS.map(sectionName),
    ...CAMPAIGN_FIELDS.map(({ name }) => name),
    ...providers.flatMap((provider) => OFFER_FIELDS.map((field) => offerFieldName(provider, field))),
  ];
}

/** A file as the form shows it. */
export function typedCampaign(file: CampaignFile, providers: readonly string[]): TypedCampaign {
  const typed: Record<string, string> = { id: file.id };
  for (const section of SECTIONS) typed[sectionName(section)] = at(file, OPTIONAL_SECTIONS[section] ?? []) === undefined ? '' : '1';
  for (const field of CAMPAIGN_FIELDS) typed[field.name] = asTyped(field, at(file, field.path));
  for (const provider of providers) {
    const offer = file.offers.find((each) => each.provider === provider);
    const set = (name: OfferField, value: string) => {
      typed[offerFieldName(provider, name)] = value;
    };
    set('on', offer ? '1' : '');
    set('place', offer ? String(file.offers.indexOf(offer) + 1) : '');
    set('ja', offer?.label.ja ?? '');
    set('en', offer?.label.en ?? '');
    set('kind', offer?.amount.kind ?? 'range');
    set('source', offer?.source ?? 'api');
    const { amount } = offer ?? {};
    set('min', amount?.kind === 'range' ? String(amount.minYen) : '');
    set('max', amount?.kind === 'range' ? String(amount.maxYen) : '');
    set('step', amount?.kind === 'range' ? String(amount.stepYen) : '');
    set('faces', amount?.kind === 'fixed' ? amount.faceValuesYen.join(' ') : '');
    set('most', amount?.kind === 'fixed' ? String(amount.maxCodes) : '');
  }
  return typed;
}

function asTyped({ kind }: CampaignField, value: unknown): string {
  if (value === undefined || value === null) return '';
  return kind === 'moment' ? japanTime(new Date(String(value))) : String(value);
}

/** Reads a form over the file that it began with. */
export function readCampaignForm(typed: TypedCampaign, base: CampaignFile | null, providers: readonly string[]): CampaignRead {
  const problems: Record<string, CampaignProblem> = {};
  for (const [name, text] of Object.entries(typed)) if (text.length > CAMPAIGN_TEXT_LONGEST) problems[name] = 'long';
  const file = structuredClone(base ?? {}) as Json;
  file.id = plain(typed.id);
  for (const section of SECTIONS) {
    if (typed[sectionName(section)] !== '1') put(file, OPTIONAL_SECTIONS[section] ?? [], undefined);
  }
  for (const field of CAMPAIGN_FIELDS) {
    if (field.section in OPTIONAL_SECTIONS && typed[sectionName(field.section)] !== '1') continue;
    // What nobody touched keeps its spelling: the same instant written otherwise is no change.
    const old = base && at(base, field.path);
    if (field.kind === 'moment' && old && typed[field.name] === asTyped(field, old)) {
      put(file, field.path, old);
      continue;
    }
    const value = field.kind === 'text' && !CONTACTS.includes(field.name) ? words(typed[field.name]) : plain(typed[field.name]);
    if (value === '') {
      if (field.optional) put(file, field.path, undefined);
      else problems[field.name] = 'missing';
      continue;
    }
    const read = readField(field, value);
    if (read === null) problems[field.name] ??= field.kind === 'text' ? 'wrong' : field.kind;
    else put(file, field.path, read);
  }
  for (const group of ['app', 'claim']) {
    // One hour alone says nothing.
    const hours = at(file, ['sending', group, 'hours']) as unknown[] | undefined;
    if (hours && hours.filter((hour) => hour !== undefined && hour !== null).length < 2) {
      if (plain(typed[`${group}_first`]) !== '' || plain(typed[`${group}_end`]) !== '') problems[`${group}_first`] ??= 'missing';
      put(file, ['sending', group, 'hours'], undefined);
    }
  }
  file.offers = readOffers(typed, providers, problems, base);
  // The rules of the file are asked as well: everything that is wrong is said at once.
  const parsed = campaignFile.safeParse(JSON.parse(JSON.stringify(file)));
  if (parsed.success) return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, file: parsed.data };
  for (const { path } of parsed.error.issues) problems[fieldOf(path, file)] ??= 'wrong';
  return { ok: false, problems };
}

/** The offers that are switched on, by their places; those of one place in the order they had, those without at the end. */
function readOffers(
  typed: TypedCampaign,
  providers: readonly string[],
  problems: Record<string, CampaignProblem>,
  base: CampaignFile | null,
): unknown[] {
  const had = (base?.offers ?? []).map((offer) => offer.provider);
  const place = (provider: string) => {
    const text = plain(typed[offerFieldName(provider, 'place')]);
    const read = text === '' ? LAST : readNumber(text);
    if (read === null && plain(typed[offerFieldName(provider, 'on')]) === '1') problems[offerFieldName(provider, 'place')] ??= 'number';
    return read ?? LAST;
  };
  const before = (provider: string) => (had.includes(provider) ? had.indexOf(provider) : LAST);
  const ordered = [...providers].sort((a, b) => place(a) - place(b) || before(a) - before(b));
  return ordered.flatMap((provider) => {
    const value = (name: OfferField) => plain(typed[offerFieldName(provider, name)]);
    if (value('on') !== '1') return [];
    const wrong = (name: OfferField, problem: CampaignProblem) => {
      problems[offerFieldName(provider, name)] ??= problem;
    };
    for (const name of ['ja', 'en'] as const) if (value(name) === '') wrong(name, 'missing');
    const number = (name: OfferField): number => {
      const read = readNumber(value(name));
      if (read === null) wrong(name, value(name) === '' ? 'missing' : 'number');
      return read ?? 0;
    };
    let amount: OfferAmount;
    if (value('kind') === 'fixed') {
      const faces = value('faces')
        .split(/[\s,、]+/)
        .filter((face) => face !== '')
        .map(readNumber);
      if (faces.length === 0 || faces.includes(null)) wrong('faces', faces.length === 0 ? 'missing' : 'numbers');
      amount = { kind: 'fixed', faceValuesYen: faces.map((face) => face ?? 0), maxCodes: number('most') };
    } else {
      amount = { kind: 'range', minYen: number('min'), maxYen: number('max'), stepYen: number('step') };
    }
    const label = { ja: words(typed[offerFieldName(provider, 'ja')]), en: words(typed[offerFieldName(provider, 'en')]) };
    return [{ provider, label, amount, source: value('source') === 'stock' ? 'stock' : 'api' }];
  });
}

const LAST = 1_000_000_000;

function readField({ kind }: CampaignField, value: string): string | number | null {
  switch (kind) {
    case 'text':
      return value;
    case 'moment': {
      const read = readWrittenTime(value);
      return read && read.precision !== 'day' ? `${japanTime(read.at).replace(' ', 'T')}+09:00` : null;
    }
    case 'day': {
      const read = readWrittenTime(value);
      return read?.precision === 'day' ? japanTime(read.at).slice(0, 10) : null;
    }
    case 'number':
      return readNumber(value);
  }
}

/** 1,000 or １０００ is 1000. */
function readNumber(text: string): number | null {
  const digits = text.replaceAll(',', '');
  return /^\d{1,9}(\.\d{1,4})?$/.test(digits) ? Number(digits) : null;
}

/** Addresses and numbers, which are put right in width; names stay as the office writes them. */
const CONTACTS: readonly string[] = ['tel', 'mail', 'sms', 'reminderMail'];

function words(text: string | undefined): string {
  return (text ?? '').normalize('NFC').trim();
}

function plain(text: string | undefined): string {
  return (text ?? '').normalize('NFKC').trim();
}

function at(file: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Json | undefined)?.[key], file);
}

function put(file: Json, path: readonly (string | number)[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    if (value === undefined) delete file[key];
    else file[key] = value;
    return;
  }
  if (file[key] === undefined) {
    if (value === undefined) return;
    file[key] = typeof rest[0] === 'number' ? [] : {};
  }
  put(file[key] as Json, rest, value);
}

/** The form's name of what a rule of the file complains about. */
function fieldOf(path: readonly PropertyKey[], file: Json): string {
  const [first, index, name] = path;
  if (first === 'id') return 'id';
  if (first === 'offers' && typeof index === 'number') {
    const { provider } = (file.offers as { provider: string }[])[index] ?? { provider: '' };
    return offerFieldName(provider, name === 'label' ? 'ja' : 'min');
  }
  const keys = path.map(String);
  const exact = CAMPAIGN_FIELDS.find((field) => field.path.map(String).join('.') === keys.join('.'));
  const within = CAMPAIGN_FIELDS.find((field) =>
    field.path
      .map(String)
      .join('.')
      .startsWith(`${keys.join('.')}.`),
  );
  return (exact ?? within)?.name ?? 'form';
}
