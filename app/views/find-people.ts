import {
  countUnfiled,
  type FactLookup,
  type FoundRow,
  listByIndexes,
  listByNumbers,
  listByTokens,
  listFound,
  type NumberKey,
} from '#db/search';
import type { CampaignScope } from '../domain/access';
import type { Bilingual } from '../domain/campaign';
import { type MaskedContact, maskContact, tryOpenContact } from '../domain/contact';
import { isBeforeDeadline, isFrozen } from '../domain/deadline';
import { type PersonState, personState } from '../domain/person-state';
import type { RedemptionState } from '../domain/redemption';
import { areTrueOf, isTrueOf, type Reading, tokenOf } from '../domain/search';
import type { Yen } from '../domain/yen';
import type { Portal } from '../portal';

/** Somebody who was found, as a list shows them. */
export interface FoundPerson {
  readonly grantId: string;
  readonly number: string;
  readonly campaign: Bilingual;
  readonly contact: MaskedContact | null;
  readonly residualYen: Yen;
  readonly state: PersonState;
}

export interface FoundPage {
  readonly people: readonly FoundPerson[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
  /** More people fit than were looked at: another or a longer fact is needed to be sure of seeing the right one. */
  readonly tooMany: boolean;
}

type FindPortal = Pick<Portal, 'db' | 'crypto'>;

/** People on one page of a list. */
const FOUND_MOST = 20;
/** Candidates of one kind that are looked at when two facts must be true. */
const CANDIDATES_MOST = 200;

/** People of whom one fact is true, a page at a time. */
export async function findByFact(
  portal: FindPortal,
  { readings, scope, after, now }: { readings: readonly Reading[]; scope: CampaignScope; after: string | null; now: Date },
): Promise<FoundPage> {
  const { db } = portal;
  const fact = lookupOf(portal, readings);
  const from = readCursor(after);
  // Whole values are found by the recipients' own indexes at once, before they are filed; more than a page of them is.
  const whole = await listByIndexes(db, { fact, scope, limit: FOUND_MOST + 1 });
  const few = whole.length <= FOUND_MOST ? whole : [];
  const numbers =
    from.kind === 'id'
      ? []
      : await listByNumbers(db, { fact, scope, after: from.kind === 'number' ? from.key : null, limit: FOUND_MOST + 1 });
  const room = FOUND_MOST + 1 - numbers.length;
  const { ids: filed, tooMany } =
    room > 0
      ? await listByTokens(db, { facts: [fact], scope, after: from.kind === 'id' ? from.id : null, limit: room })
      : { ids: [], tooMany: false };
  const shownNumbers = numbers.slice(0, FOUND_MOST);
  const shownFiled = filed.slice(0, FOUND_MOST - shownNumbers.length);
  const onFirst = from.kind === 'start' ? few : [];
  const rows = await listFound(db, {
    recipientIds: [...onFirst, ...shownFiled.filter((id) => from.kind === 'start' || !few.includes(id))],
    grantIds: shownNumbers.map(({ grantId }) => grantId),
    scope,
  });
  const people = verified(portal, rows, (known) => readings.some((reading) => isTrueOf(reading, known)), now);
  return { people: people.slice(0, FOUND_MOST * 2), next: nextCursor({ numbers, shownNumbers, filed, shownFiled }), tooMany };
}

/** People of whom two facts of different kinds are true. More than a page of them: one more fact is needed. */
export async function findByFacts(
  portal: FindPortal,
  { first, second, scope, now }: { first: readonly Reading[]; second: readonly Reading[]; scope: CampaignScope; now: Date },
): Promise<FoundPage> {
  const { db } = portal;
  const [a, b] = [lookupOf(portal, first), lookupOf(portal, second)];
  const limit = CANDIDATES_MOST;
  const [filed, ofA, ofB, numbersA, numbersB, numbersOnlyA, numbersOnlyB] = await Promise.all([
    listByTokens(db, { facts: [a, b], scope, after: null, limit }),
    listByIndexes(db, { fact: a, scope, limit }),
    listByIndexes(db, { fact: b, scope, limit }),
    listByNumbers(db, { fact: a, other: b, scope, after: null, limit }),
    listByNumbers(db, { fact: b, other: a, scope, after: null, limit }),
    // Not filed yet: a whole number with whatever is true of its person.
    listByNumbers(db, { fact: a, scope, after: null, limit: FOUND_MOST }),
    listByNumbers(db, { fact: b, scope, after: null, limit: FOUND_MOST }),
  ]);
  const numbers = [...numbersA, ...numbersB, ...numbersOnlyA, ...numbersOnlyB];
  const rows = await listFound(db, {
    recipientIds: [...new Set([...filed.ids, ...ofA, ...ofB])],
    grantIds: [...new Set(numbers.map(({ grantId }) => grantId))],
    scope,
  });
  const people = verified(portal, rows, (known) => areTrueOf(first, second, known), now);
  return { people: people.slice(0, FOUND_MOST), next: null, tooMany: people.length > FOUND_MOST || filed.ids.length >= limit };
}

function lookupOf({ crypto }: FindPortal, readings: readonly Reading[]): FactLookup {
  const indexes = { name: [] as Buffer[], kana: [] as Buffer[], phone: [] as Buffer[], mail: [] as Buffer[] };
  const tokens: bigint[] = [];
  const numbers = new Set<string>();
  for (const reading of readings) {
    const { kind, indexed } = reading;
    if (kind === 'grant_number' || kind === 'inquiry_number') {
      numbers.add(reading.text);
      continue;
    }
    if (indexed !== undefined) indexes[kind].push(...crypto.indexAll(kind, indexed));
    const token = tokenOf(reading);
    if (token) tokens.push(...crypto.searchTokens(token.field, token.text));
  }
  return { tokens, indexes, numbers: [...numbers] };
}

type Known = Parameters<typeof isTrueOf>[1];

/** What an index has found is held against the contact itself: the index may be older, and says only the beginning. */
function verified({ crypto }: FindPortal, rows: readonly FoundRow[], isTrue: (known: Known) => boolean, now: Date): FoundPerson[] {
  return rows.flatMap((row) => {
    const contact = tryOpenContact(crypto, {
      id: row.recipient_id,
      contact_sealed: row.contact_sealed,
      contact_key_id: row.contact_key_id,
    });
    if (!isTrue({ number: row.number, inquiryNumber: row.inquiry_number, contact })) return [];
    return [
      {
        grantId: row.grant_id,
        number: row.number,
        campaign: row.campaign_name,
        contact: contact && maskContact(contact),
        residualYen: row.residual_yen,
        state: personState({
          frozen: isFrozen(now, row.frozen_at, row.frozen_until),
          open: isBeforeDeadline(now, row.deadline_at),
          residualYen: row.residual_yen,
          lapsedYen: row.lapsed_yen,
          states: row.states as readonly RedemptionState[],
        }),
      },
    ];
  });
}

type Cursor =
  | { readonly kind: 'start' }
  | { readonly kind: 'number'; readonly key: NumberKey }
  | { readonly kind: 'id'; readonly id: string };

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const NUMBER_CURSOR = new RegExp(`^n:([A-Z0-9]{1,40}):(${UUID})$`);
const ID_CURSOR = new RegExp(`^i:(${UUID})$`);

function readCursor(text: string | null): Cursor {
  const number = NUMBER_CURSOR.exec(text ?? '');
  if (number) return { kind: 'number', key: { form: number[1] ?? '', grantId: number[2] ?? '' } };
  const id = ID_CURSOR.exec(text ?? '');
  return id ? { kind: 'id', id: id[1] ?? '' } : { kind: 'start' };
}

/** First the numbers in their order, then who is filed in theirs. */
function nextCursor(list: {
  numbers: readonly unknown[];
  shownNumbers: readonly { readonly grantId: string; readonly form: string }[];
  filed: readonly unknown[];
  shownFiled: readonly string[];
}): string | null {
  const lastNumber = list.shownNumbers.at(-1);
  const lastFiled = list.shownFiled.at(-1);
  if (list.numbers.length > list.shownNumbers.length && lastNumber) return `n:${lastNumber.form}:${lastNumber.grantId}`;
  if (list.filed.length <= list.shownFiled.length) return null;
  if (lastFiled) return `i:${lastFiled}`;
  return lastNumber ? `n:${lastNumber.form}:${lastNumber.grantId}` : null;
}

/** How many people cannot be found by a part of a fact yet. */
export function countWaitingToBeFiled({ db }: FindPortal): Promise<number> {
  return countUnfiled(db);
}
