import { en } from './en';
import { ja } from './ja';
import { type Language, makeCatalogue, type Texts as TextsOf } from './make-texts';

export { LANGUAGES, type Language } from './make-texts';

type Key = keyof typeof ja;
/** English also has the singular of whatever is counted. */
export type Catalogue = Readonly<Record<Key, string> & Record<SingularOf<Key>, string>>;
type SingularOf<K> = K extends `${infer Stem}_other` ? `${Stem}_one` : never;
/** A text by name; counted texts without their plural ending. */
export type TextKey = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : K) : never;
/** All that a page of the recipient needs to speak one language. */
export type Texts = TextsOf<TextKey>;

const TEXTS = makeCatalogue<TextKey>({ ja, en });

/** The texts of a language. */
export function textsIn(language: Language): Texts {
  return TEXTS[language];
}
