import { hasControlCharacters } from './contact';
import { foreignAddress } from './foreign-address';
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
  'time',
  'link',
  'phrase',
  'check',
  'sender',
  'host',
  'centre',
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
  'place_drops',
  'place_glued',
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
const SMS_SEGMENTS_MOST = 6;
const PLACE = /\{([^{}\n]*)\}/g;
/** A longer name greets nobody. */
export const NAME_MOST = 40;
const LONGEST_NAME = '名'.repeat(NAME_MOST);
/** In these letters a name beside a point reads as a host. */
const LATIN_NAME = 'Smith';
/** Places that are links of our own: nothing may stand right beside them, for phones take it into the link. */
const LINKS = ['link', 'stop', 'check'] as const;
/** Characters that turn the direction of writing or are not seen, breaks that are none of ours, and what stands for no character at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the check for them
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/;

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
  if (purpose === 'address_changed_old') return ['name', 'link', 'host', 'phrase', 'stop', 'amount'];
  return purpose === 'reminder' ? [] : ['stop'];
}

/**
 * Places that have nothing to say for some people: whoever has no name we can greet by, and a sum that is nought where
 * the message is not about it. Their line is left out.
 */
export function lackingPlaces(purpose: MessagePurpose): readonly Place[] {
  const isAboutRest = purpose === 'resend' || purpose === 'address_changed_new' || purpose === 'deadline_extended';
  return isAboutRest ? ['name', 'amount'] : ['name'];
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
    if (/[{}]/.test(text.replace(PLACE, ' '))) add(field, 'brace');
    // Too long a text is searched only once it is shorter.
    const address = text.length > BODY_MOST ? null : foreignAddress(piecesToSearch(text, sample));
    if (address) add(field, 'address_in_text', address.slice(0, 60));
  }
  const inBody = placesIn(body);
  const inSubject = placesIn(channel === 'mail' ? (subject ?? '') : '');
  for (const place of neededPlaces(purpose, channel))
    if (!inBody.includes(place) && !(place === 'office' && inSubject.includes(place))) add('body', 'place_missing', place);
  for (const place of ['link', 'stop'] as const) if (inBody.filter((name) => name === place).length > 1) add('body', 'place_twice', place);
  for (const place of LINKS) if (inSubject.includes(place)) add('subject', 'place_not_here', place);
  for (const place of LINKS) if (new RegExp(`\\S\\{${place}\\}|\\{${place}\\}\\S`).test(body)) add('body', 'place_glued', place);
  for (const place of lackingPlaces(purpose)) {
    // A subject is one line.
    if (inSubject.includes(place)) add('subject', 'place_not_here', place);
    const kept = placesIn(linesWithout(body, place));
    const isLost = (needed: Place) => inBody.includes(needed) && !kept.includes(needed) && needed !== place;
    if (neededPlaces(purpose, channel).some(isLost)) add('body', 'place_drops', place);
  }
  for (const place of forbiddenPlaces(purpose)) {
    if (inBody.includes(place)) add('body', 'place_not_here', place);
    if (inSubject.includes(place)) add('subject', 'place_not_here', place);
  }
  if (
    channel === 'sms' &&
    problems.length === 0 &&
    segments(fillText(body, { ...sample, name: LONGEST_NAME })).segments > SMS_SEGMENTS_MOST
  )
    add('body', 'sms_long', String(SMS_SEGMENTS_MOST));
  return problems;
}

/** The text as it is filled, but for our own links: it is searched for others. */
function piecesToSearch(text: string, sample: PlaceValues): { text: string; isOurs: boolean }[] {
  const filled = { ...sample, name: LATIN_NAME, link: null, stop: null, check: null };
  const values = Object.fromEntries(PLACES.map((place) => [place, filled[place] ?? ' '])) as PlaceValues;
  const lines = text.split('\n').map((line) => fillLine(line, values) ?? []);
  return lines.flatMap((pieces) => [
    ...pieces.map(({ text: words, place }) => ({ text: words, isOurs: place !== null })),
    { text: '\n', isOurs: false },
  ]);
}

function linesWithout(body: string, place: Place): string {
  return body
    .split('\n')
    .filter((line) => !placesIn(line).includes(place))
    .join('\n');
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
