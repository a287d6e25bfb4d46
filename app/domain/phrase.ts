import { toHiragana, toRomaji } from 'wanakana';
import { PHRASE_WORDS } from './phrase-words';

/**
 * The phrase (合言葉) of a person's link: two words that stand in our messages and on the page that the link opens, and
 * that /check compares. Derived, never stored. Pure.
 */
export interface Phrase {
  readonly first: string;
  readonly second: string;
}

/** The phrase of what was drawn for a link: at least 4 bytes that nobody can foretell. */
export function phraseOf(draw: Buffer): Phrase {
  // 512 divides 65,536: every word is as likely as any other.
  const word = (at: number) => PHRASE_WORDS[draw.readUInt16BE(at) % PHRASE_WORDS.length] ?? '';
  return { first: word(0), second: word(2) };
}

/** りんご・でんしゃ · ringo densha */
export function writePhrase({ first, second }: Phrase, language: 'ja' | 'en'): string {
  return language === 'ja' ? `${first}・${second}` : `${toRomaji(first)} ${toRomaji(second)}`;
}

/** The longest text that is looked at. */
const PHRASE_LENGTH_MOST = 60;

/**
 * What was typed as a phrase, put right: kana of either kind and width or Latin letters, with anything or nothing between
 * the words and around them. Null: it is none.
 */
export function readPhrase(typed: string): string | null {
  const plain = typed.normalize('NFKC').trim().slice(0, PHRASE_LENGTH_MOST).toLowerCase();
  const kana = plain
    .split(/[^\p{L}ー]+/u)
    .map((word) => toHiragana(word))
    .join('');
  return /^[ぁ-ゖー]{2,}$/.test(kana) ? kana : null;
}

/** A phrase as `readPhrase` gives what was typed. */
export function joinedPhrase({ first, second }: Phrase): string {
  return first + second;
}
