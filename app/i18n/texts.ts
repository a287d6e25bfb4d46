import i18next from 'i18next';
import { en } from './en';
import { ja } from './ja';
import { type Language, makeTexts, type Texts as TextsOf } from './make-texts';

export { LANGUAGES, type Language } from './make-texts';

type Key = keyof typeof ja;
/** English also has the singular of whatever is counted. */
export type Catalogue = Readonly<Record<Key, string> & Record<SingularOf<Key>, string>>;
type SingularOf<K> = K extends `${infer Stem}_other` ? `${Stem}_one` : never;
/** A text by name; counted texts without their plural ending. */
export type TextKey = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : K) : never;
/** All that a page of the recipient needs to speak one language. */
export type Texts = TextsOf<TextKey>;

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

const TEXTS: Readonly<Record<Language, Texts>> = {
  ja: makeTexts<TextKey>('ja', catalogues.getFixedT('ja')),
  en: makeTexts<TextKey>('en', catalogues.getFixedT('en')),
};

/** The texts of a language. */
export function textsIn(language: Language): Texts {
  return TEXTS[language];
}
