import i18next from 'i18next';
import type { Bilingual } from '../domain/campaign';
import type { Yen } from '../domain/yen';
import { en } from './en';
import { digits, formatDay, formatMoment, formatTime } from './format';
import { ja } from './ja';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

type Key = keyof typeof ja;
/** English also has the singular of whatever is counted. */
export type Catalogue = Readonly<Record<Key, string> & Record<SingularOf<Key>, string>>;
type SingularOf<K> = K extends `${infer Stem}_other` ? `${Stem}_one` : never;
/** A text by name; counted texts without their plural ending. */
export type TextKey = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : K) : never;
type Values = Readonly<Record<string, string | number>>;

/** All that a page needs to speak one language. */
export interface Texts {
  (key: TextKey, values?: Values): string;
  readonly language: Language;
  /** 1,357円 · ¥1,357 */
  yen(yen: Yen | number): string;
  /** The same in parts, for the large amount. */
  yenParts(yen: Yen): { readonly before: string; readonly digits: string; readonly after: string };
  /** 2023年5月31日（水） · Wednesday 31 May 2023 */
  day(at: Date | string): string;
  /** 23:59 */
  time(at: Date): string;
  /** 2023年5月31日（水）23:59 · Wednesday 31 May 2023, 23:59 (Japan time) */
  moment(at: Date): string;
  /** The campaign's own words. */
  own(text: Bilingual): string;
}

const catalogues = i18next.createInstance();
void catalogues.init({
  resources: { ja: { translation: ja }, en: { translation: en } },
  lng: 'ja',
  fallbackLng: false,
  // Keys have points in them, and React escapes.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false, skipOnVariables: true },
  initAsync: false,
  showSupportNotice: false,
});

/** `{{name}}` in a text: the place of a value. */
const PLACE = /\{\{(\w+)\}\}/;

const TEXTS: Readonly<Record<Language, Texts>> = { ja: makeTexts('ja'), en: makeTexts('en') };

/** The texts of a language. */
export function textsIn(language: Language): Texts {
  return TEXTS[language];
}

function makeTexts(language: Language): Texts {
  const translate = catalogues.getFixedT(language);
  // A page has some sixty texts. Each is looked up and cut at its places once for the life of the process;
  // what is counted goes through the plural rules, once for each small number.
  const cut = new Map<TextKey, readonly string[]>();
  const plurals = new Map<string, string>();
  const counted = (key: TextKey, values: Values): string => {
    const { count = 0 } = values;
    if (Object.keys(values).length > 1 || Number(count) > 100) return translate(key, values);
    const name = `${key} ${count}`;
    let found = plurals.get(name);
    if (found === undefined) {
      found = translate(key, values);
      plurals.set(name, found);
    }
    return found;
  };
  const text = (key: TextKey, values?: Values): string => {
    if (values && 'count' in values) return counted(key, values);
    let pieces = cut.get(key);
    if (pieces === undefined) {
      pieces = translate(key, { skipInterpolation: true }).split(PLACE);
      cut.set(key, pieces);
    }
    return pieces.length === 1
      ? (pieces[0] ?? '')
      : pieces.map((piece, i) => (i % 2 === 0 ? piece : String(values?.[piece] ?? ''))).join('');
  };
  const before = text('yen.before');
  const after = text('yen.after');
  return Object.assign(text, {
    language,
    yen: (yen: Yen | number) => `${before}${digits(yen)}${after}`,
    yenParts: (yen: Yen) => ({ before, digits: digits(yen), after }),
    day: (at: Date | string) => formatDay(language, at),
    time: formatTime,
    moment: (at: Date) => formatMoment(language, at),
    own: (own: Bilingual) => own[language],
  });
}
