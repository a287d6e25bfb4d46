import { hasControlCharacters } from './contact';
import type { MessageChannel, MessagePurpose } from './message';
import { segments } from './segments';

/**
 * Texts of messages as an office writes them: words with `{places}` from a closed list. A place is filled with plain text,
 * once: what is filled in is never looked at again, so no name and no text can bring in a place, a header or a tag. Pure.
 */
export const PLACES = [
  'name',
  'office',
  'programme',
  'amount',
  'deadline',
  'day',
  'link',
  'phrase',
  'check',
  'tel',
  'hours',
  'stop',
] as const;
export type Place = (typeof PLACES)[number];

/** What a place becomes; null: there is nothing to say, and its whole line is left out. */
export type PlaceValues = Readonly<Record<Place, string | null>>;

/** A text as it is kept. An SMS has no subject. */
export interface TextTemplate {
  readonly subject: string | null;
  readonly body: string;
}

export const TEXT_PROBLEMS = [
  'empty',
  'subject_empty',
  'subject_lines',
  'subject_long',
  'long',
  'unseen',
  'brace',
  'unknown_place',
  'place_missing',
  'place_twice',
  'place_not_here',
  'address_in_text',
  'sms_long',
] as const;
export interface TextProblem {
  readonly field: 'subject' | 'body';
  readonly problem: (typeof TEXT_PROBLEMS)[number];
  /** The place or the piece of text it is about. */
  readonly about: string | null;
}

const SUBJECT_MOST = 80;
const BODY_MOST = 3_000;
/** More parts than this cost more than a letter. */
export const SMS_SEGMENTS_MOST = 6;
const PLACE = /\{([^{}\n]*)\}/g;
/** What a phone or a mail program makes a link of. Only places bring addresses, so that all lead to our own host. */
const ADDRESS =
  /(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)\S*|[\p{L}\p{N}_%+-]+@[\p{L}\p{N}.-]+|[a-z0-9-]+\.(?:[a-z]{2,})(?![a-z0-9])/iu;
/** Characters that turn the direction of writing or are not seen, and breaks that are none of ours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the check for them
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** The places that a text must have, by what it is for and how it goes. */
export function neededPlaces(purpose: MessagePurpose, channel: MessageChannel): readonly Place[] {
  const needed: Place[] = ['office'];
  if (purpose !== 'address_changed_old') needed.push('link', 'phrase');
  if (purpose === 'invitation' || purpose === 'reminder') needed.push('amount', channel === 'mail' ? 'deadline' : 'day');
  if (purpose === 'deadline_extended') needed.push(channel === 'mail' ? 'deadline' : 'day');
  if (purpose === 'reminder') needed.push('stop');
  if (channel === 'mail' || purpose === 'address_changed_old') needed.push('tel');
  if (channel === 'mail' && purpose !== 'address_changed_old') needed.push('check');
  return needed;
}

/** Places that a text of this purpose may not have: the old address gets no link, and only reminders can be stopped. */
function forbiddenPlaces(purpose: MessagePurpose): readonly Place[] {
  if (purpose === 'address_changed_old') return ['name', 'link', 'phrase', 'stop', 'amount'];
  return purpose === 'reminder' ? [] : ['stop'];
}

/** Line ends of every system as one. */
export function tidyText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t\u3000]+$/gm, '')
    .trim()
    .normalize('NFC');
}

/**
 * What is wrong with a text, for whom to send it to as `sample` says (its length as an SMS is counted with these values);
 * nothing: it may be saved.
 */
export function checkText(
  { subject, body }: TextTemplate,
  { purpose, channel, sample }: { purpose: MessagePurpose; channel: MessageChannel; sample: PlaceValues },
): TextProblem[] {
  const problems: TextProblem[] = [];
  const add = (field: TextProblem['field'], problem: TextProblem['problem'], about: string | null = null) =>
    problems.push({ field, problem, about });
  if (body.trim() === '') add('body', 'empty');
  if (body.length > BODY_MOST) add('body', 'long', String(BODY_MOST));
  if (channel === 'mail') {
    if (subject === null || subject.trim() === '') add('subject', 'subject_empty');
    else if (hasControlCharacters(subject)) add('subject', 'subject_lines');
    else if ([...subject].length > SUBJECT_MOST) add('subject', 'subject_long', String(SUBJECT_MOST));
  }
  for (const [field, text] of [
    ['subject', channel === 'mail' ? (subject ?? '') : ''],
    ['body', body],
  ] as const) {
    if (UNSEEN.test(text)) add(field, 'unseen');
    for (const name of placesIn(text)) if (!isPlace(name)) add(field, 'unknown_place', name);
    const plain = text.replace(PLACE, ' ');
    if (/[{}]/.test(plain)) add(field, 'brace');
    const address = ADDRESS.exec(plain)?.[0];
    if (address) add(field, 'address_in_text', address.slice(0, 60));
  }
  const inBody = placesIn(body);
  const inSubject = placesIn(channel === 'mail' ? (subject ?? '') : '');
  for (const place of neededPlaces(purpose, channel))
    if (!inBody.includes(place) && !(place === 'office' && inSubject.includes(place))) add('body', 'place_missing', place);
  for (const place of ['link', 'stop'] as const) if (inBody.filter((name) => name === place).length > 1) add('body', 'place_twice', place);
  for (const place of ['link', 'stop', 'check'] as const) if (inSubject.includes(place)) add('subject', 'place_not_here', place);
  for (const place of forbiddenPlaces(purpose)) {
    if (inBody.includes(place)) add('body', 'place_not_here', place);
    if (inSubject.includes(place)) add('subject', 'place_not_here', place);
  }
  if (channel === 'sms' && problems.length === 0 && segments(fillText(body, sample)).segments > SMS_SEGMENTS_MOST)
    add('body', 'sms_long', String(SMS_SEGMENTS_MOST));
  return problems;
}

function placesIn(text: string): string[] {
  return [...text.matchAll(PLACE)].map((match) => match[1] ?? '');
}

function isPlace(name: string): name is Place {
  return (PLACES as readonly string[]).includes(name);
}

/** A piece of a filled text: words as they stand, or the value of a place. */
export interface FilledPiece {
  readonly text: string;
  readonly place: Place | null;
}

/** Fills a text, line by line. A line with a place that has no value is left out; an unknown place stays as it is. */
export function fillLines(body: string, values: PlaceValues): FilledPiece[][] {
  return body.split('\n').flatMap((line) => {
    const pieces = fillLine(line, values);
    return pieces ? [pieces] : [];
  });
}

function fillLine(line: string, values: PlaceValues): FilledPiece[] | null {
  const pieces: FilledPiece[] = [];
  for (const [i, piece] of line.split(/\{([^{}\n]*)\}/).entries()) {
    if (i % 2 === 0) {
      if (piece !== '') pieces.push({ text: piece, place: null });
    } else if (isPlace(piece)) {
      const value = values[piece];
      if (value === null) return null;
      pieces.push({ text: value, place: piece });
    } else pieces.push({ text: `{${piece}}`, place: null });
  }
  return pieces;
}

/** The same as text. */
export function fillText(body: string, values: PlaceValues): string {
  return fillLines(body, values)
    .map((pieces) => pieces.map(({ text }) => text).join(''))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
