import { findPersonFacts } from '#db/person-facts';
import { isPermitted, type Role } from '../domain/access';
import { ACT_RULES, type ActRefusalReason, PERSON_ACTS, type PersonAct, type PersonFacts, subjectOf, whyNot } from '../domain/acts';
import { type Contact, type MaskedContact, maskContact, tryOpenContact } from '../domain/contact';
import { type PersonState, personState } from '../domain/person-state';
import type { Portal } from '../portal';
import { findRecipientPage, type RecipientPage } from './recipient-page';
import { type NamedLine, tellTimeline } from './timeline';

/** An act as the person's page offers it. */
export interface OfferedAct {
  readonly act: PersonAct;
  /** Why it cannot be done now; null when it can. `role`: somebody else may. */
  readonly no: ActRefusalReason | 'role' | null;
}

export interface PersonPage {
  /** What the recipient's own pages are made of. */
  readonly recipient: RecipientPage;
  readonly channel: 'mail' | 'sms';
  readonly contact: MaskedContact | null;
  readonly state: PersonState;
  readonly acts: readonly OfferedAct[];
  readonly timeline: readonly NamedLine[];
}

/** Everything about one person; null when there is no such grant. */
export async function findPersonPage(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { grantId, role, now }: { grantId: string; role: Role; now: Date },
): Promise<PersonPage | null> {
  const { db } = portal;
  const [recipient, facts, row] = await Promise.all([
    findRecipientPage(db, { grantId, now }),
    findPersonFacts(db, { grantId, now }),
    findContactRow(portal, grantId),
  ]);
  if (!recipient || !facts || !row) return null;
  const labels = new Map([...recipient.offers, ...recipient.redemptions].map(({ provider, label }) => [provider, label]));
  const contact = tryOpenContact(portal.crypto, row);
  return {
    recipient,
    channel: row.channel,
    contact: contact && maskContact(contact),
    state: personState({
      frozen: recipient.grant.frozen,
      open: recipient.grant.open,
      residualYen: recipient.grant.residualYen,
      lapsedYen: recipient.grant.lapsedYen,
      states: facts.redemptions.map(({ state }) => state),
    }),
    acts: offerActs(facts, role, now),
    timeline: await tellTimeline(db, { grantId, labels }),
  };
}

/** The whole contact, for who has said why they need it. */
export async function findContact(portal: Pick<Portal, 'db' | 'crypto'>, grantId: string): Promise<Contact | null> {
  const row = await findContactRow(portal, grantId);
  return row && tryOpenContact(portal.crypto, row);
}

/** The sealed contact of a grant's person, and by which way they are written to. */
export async function findContactRow({ db }: Pick<Portal, 'db'>, grantId: string) {
  const row = await db
    .selectFrom('grants as g')
    .innerJoin('recipients as r', 'r.id', 'g.recipient_id')
    .where('g.id', '=', grantId)
    .select(['r.id', 'r.contact_sealed', 'r.contact_key_id', 'g.channel', 'g.link_generation'])
    .executeTakeFirst();
  return row ?? null;
}

/** All acts: what can be done first, in the order of what most likely helps; then what cannot, with its reason. */
function offerActs(facts: PersonFacts, role: Role, now: Date): OfferedAct[] {
  const offered = PERSON_ACTS.map((act): OfferedAct => {
    const { permission, subject } = ACT_RULES[act];
    if (!isPermitted(role, permission)) return { act, no: 'role' };
    return { act, no: whyNot(act, facts, subject === 'redemption' ? subjectOf(act, facts, now) : null, now) };
  });
  // Of freezing and releasing only the one that makes sense.
  const sensible = offered.filter(({ act }) => act !== (facts.frozen ? 'freeze' : 'release'));
  return [...sensible.filter(({ no }) => no === null).sort(byHelp(facts)), ...sensible.filter(({ no }) => no !== null)];
}

/** After a failure a new code helps; in doubt one asks; who is frozen waits for release; else the link again. */
function byHelp(facts: PersonFacts): (a: OfferedAct, b: OfferedAct) => number {
  const has = (state: string) => facts.redemptions.some((redemption) => redemption.state === state);
  const first: readonly PersonAct[] = facts.frozen
    ? ['release']
    : has('failed')
      ? ['reissue', 'give_back']
      : has('in_doubt')
        ? ['ask_again', 'settle_doubt']
        : ['resend', 'change_address'];
  const rank = ({ act }: OfferedAct) => {
    const at = first.indexOf(act);
    return at < 0 ? first.length + PERSON_ACTS.indexOf(act) : at;
  };
  return (a, b) => rank(a) - rank(b);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text of an address can be an id at all; anything else never reaches the database. */
export function isId(text: string | null | undefined): text is string {
  return typeof text === 'string' && UUID.test(text);
}

/** Which campaign a grant of an address belongs to; null for what is no id, or of no grant. */
export async function findGrantCampaign({ db }: Pick<Portal, 'db'>, grantId: string | undefined): Promise<string | null> {
  if (!isId(grantId)) return null;
  const row = await db.selectFrom('grants').select('campaign_id').where('id', '=', grantId).executeTakeFirst();
  return row?.campaign_id ?? null;
}

/** How often this member of staff has unmasked somebody since midnight in Japan. */
export async function countUnmasked({ db }: Pick<Portal, 'db'>, { staffId, since }: { staffId: string; since: Date }): Promise<number> {
  const { n } = await db
    .selectFrom('audit_entries')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('n'))
    .where('actor', '=', `staff:${staffId}`)
    .where('act', '=', 'unmask')
    .where('at', '>=', since)
    .executeTakeFirstOrThrow();
  return n;
}
