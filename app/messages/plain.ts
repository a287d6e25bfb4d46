import { NAME_MOST } from '../domain/text-template';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/** Marks that turn the direction of writing or are not seen at all. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** What a mail program or a phone might make a link of. */
const LINK_LIKE = /[/@\\]|:\S|\.[\p{L}\p{N}]/u;

/** A text from outside on one line, as nothing but text: it can begin no header, no line and no template. */
export function oneLine(text: string): string {
  return text.normalize('NFC').replace(BREAKS, ' ').replace(UNSEEN, '').trim();
}

/** A person's name for the first line; null when it could be taken for a link, or is no name by its length. */
export function greetableName(name: string | null): string | null {
  const plain = name === null ? '' : oneLine(name);
  return plain === '' || [...plain].length > NAME_MOST || LINK_LIKE.test(plain) ? null : plain;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as text in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
