import i18next, { type TFunction } from 'i18next';
import type { Bilingual } from '../domain/campaign';
import type { Yen } from '../domain/yen';
import { digits, formatDay, formatMoment, formatStamp, formatTime, YEN_SIGNS } from './format';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export type Values = Readonly<Record<string, string | number>>;

/** All that a page needs to speak one language; `K` names its texts. */
export interface Texts<K extends string> {
  (key: K, values?: Values): string;
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
  /** 5/20 10:04:12, for tables. */
  stamp(at: Date): string;
  /** The campaign's own words. */
  own(text: Bilingual): string;
}

/** `{{name}}` in a text: the place of a value. */
const PLACE = /\{\{(\w+)\}\}/;

/** Makes the texts of each language out of a catalogue in both. `K` names them; counted ones without their plural ending. */
export function makeCatalogue<K extends string>(
  catalogue: Readonly<Record<Language, Readonly<Record<string, string>>>>,
): Readonly<Record<Language, Texts<K>>> {
  const own = i18next.createInstance();
  void own.init({
    resources: { ja: { translation: catalogue.ja }, en: { translation: catalogue.en } },
    lng: 'ja',
    fallbackLng: false,
    // Keys have points in them, and React escapes.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
    initAsync: false,
    showSupportNotice: false,
  });
  return { ja: makeTexts<K>('ja', own.getFixedT('ja')), en: makeTexts<K>('en', own.getFixedT('en')) };
}

/** Makes the texts of one language out of a catalogue that i18next has been given. */
function makeTexts<K extends string>(language: Language, translate: TFunction): Texts<K> {
  // A page has some sixty texts. Each is looked up and cut at its places once for the life of the process;
  // what is counted goes through the plural rules, once for each small number.
  const cut = new Map<K, readonly string[]>();
  const plurals = new Map<string, string>();
  const counted = (key: K, values: Values): string => {
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
  const text = (key: K, values?: Values): string => {
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
  const [before, after] = YEN_SIGNS[language];
  return Object.assign(text, {
    language,
    yen: (yen: Yen | number) => `${before}${digits(yen)}${after}`,
    yenParts: (yen: Yen) => ({ before, digits: digits(yen), after }),
    day: (at: Date | string) => formatDay(language, at),
    time: formatTime,
    moment: (at: Date) => formatMoment(language, at),
    stamp: (at: Date) => formatStamp(language, at),
    own: (own: Bilingual) => own[language],
  });
}
