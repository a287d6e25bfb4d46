import i18next, { type TFunction } from 'i18next';
import type { Bilingual } from '../domain/campaign';
import type { Yen } from '../domain/yen';
import { digits, formatDay, formatMoment, formatShortDay, formatStamp, formatTime, YEN_SIGNS } from './format';

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
  /** 5月31日（水） · Wednesday 31 May */
  shortDay(at: Date | string): string;
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

/** Puts the values into a text that was cut at its places; every number the one way, 1,872. */
function fill(pieces: readonly string[], values: Values | undefined): string {
  return pieces
    .map((piece, i) => {
      if (i % 2 === 0) return i > 0 ? countedRightly(piece, values?.[pieces[i - 1] ?? '']) : piece;
      const value = values?.[piece] ?? '';
      return typeof value === 'number' ? digits(value) : value;
    })
    .join('');
}

/** Japanese counts things as 九つ at most: from ten on they are 個. */
function countedRightly(words: string, number: Values[string] | undefined): string {
  return typeof number === 'number' && number >= 10 ? words.replace(/^つ(?!ず)/, '個') : words;
}

/** Makes the texts of one language out of a catalogue that i18next has been given. */
function makeTexts<K extends string>(language: Language, translate: TFunction): Texts<K> {
  // A page has some sixty texts. Each is looked up and cut at its places once for the life of the process; what is
  // counted once for one and once for more.
  const cut = new Map<string, readonly string[]>();
  const text = (key: K, values?: Values): string => {
    const count = values && 'count' in values ? Number(values.count) : null;
    const name = count === null ? key : `${key} ${count === 1}`;
    let pieces = cut.get(name);
    if (pieces === undefined) {
      pieces = translate(key, { skipInterpolation: true, ...(count !== null && { count }) }).split(PLACE);
      cut.set(name, pieces);
    }
    return pieces.length === 1 ? (pieces[0] ?? '') : fill(pieces, values);
  };
  const [before, after] = YEN_SIGNS[language];
  return Object.assign(text, {
    language,
    yen: (yen: Yen | number) => `${before}${digits(yen)}${after}`,
    yenParts: (yen: Yen) => ({ before, digits: digits(yen), after }),
    day: (at: Date | string) => formatDay(language, at),
    shortDay: (at: Date | string) => formatShortDay(language, at),
    time: formatTime,
    moment: (at: Date) => formatMoment(language, at),
    stamp: (at: Date) => formatStamp(language, at),
    own: (own: Bilingual) => own[language],
  });
}
