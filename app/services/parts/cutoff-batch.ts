import { findCampaign } from '#db/campaigns';
import { type CutoffLine, listNextLines } from '#db/cutoff';
import { TakenCoupons } from '#db/grant-coupons';
import { GrantRows } from '#db/recipients';
import { readPhone } from '../../domain/contact';
import { sumYen, type Yen } from '../../domain/yen';
import type { Portal } from '../../portal';
import { type AppContact, openAppContact, sealContact } from './sealed-contact';

const BATCH_PERSONS = 2_000;

/** What was done for persons: granted to those whom the app can reach, and waiting for a claim. */
export interface CutoffDone {
  readonly grants: number;
  readonly grantedCoupons: number;
  readonly grantedYen: Yen;
  readonly waitingCoupons: number;
  readonly waitingYen: Yen;
}

/** Who carries the cut-off out, of what, in how large steps. */
export interface CutoffHand {
  readonly portal: Pick<Portal, 'db' | 'clock' | 'crypto'>;
  readonly campaignId: string;
  readonly actor: string;
  /** Persons of one transaction. */
  readonly batchSize?: number;
}

/** The next persons' rows, ready to be written. */
export interface CutoffBatch {
  readonly after: string | null;
  /** The last person, and what is done for them all; null in the batch that finds nobody left and ends the cut-off. */
  readonly last: string | null;
  readonly done: CutoffDone | null;
  readonly at: Date;
  /** The programme's when the rows were put together. */
  readonly deadlineAt: Date;
  readonly grants: GrantRows;
  readonly taken: TakenCoupons;
}

/** Reads the persons after one (null: the first) and puts their rows together, writing nothing. */
export async function prepareBatch(
  { portal, campaignId, actor, batchSize = BATCH_PERSONS }: CutoffHand,
  after: string | null,
): Promise<CutoffBatch> {
  const at = portal.clock.now();
  const campaign = await findCampaign(portal.db, campaignId);
  if (!campaign) throw new Error(`no campaign ${campaignId}`);
  const deadlineAt = campaign.redeemUntil;
  const lines = await listNextLines(portal.db, { campaignId, after, persons: batchSize });
  const grants = new GrantRows({ campaignId, importId: null, actor, deadlineAt, at }, () => portal.crypto.newId(at));
  const taken = new TakenCoupons({ campaignId, actor, at });
  let people = 0;
  for (const own of byPerson(lines)) {
    const yen = sumYen(own.map((line) => line.yen));
    const grantId = own[0]?.way === 'app' ? portal.crypto.newId(at) : null;
    if (grantId) {
      addGrant(portal, grants, { grantId, at, yen, own });
      people += 1;
    }
    for (const line of own) taken.add(line.coupon_id, line.yen, grantId);
  }
  const last = lines.at(-1)?.person ?? null;
  return {
    after,
    last,
    done: last === null ? null : count(lines, people),
    at,
    deadlineAt,
    grants,
    taken,
  };
}

function count(lines: readonly CutoffLine[], grants: number): CutoffDone {
  const app = lines.filter((line) => line.way === 'app');
  const grantedYen = sumYen(app.map((line) => line.yen));
  return {
    grants,
    grantedCoupons: app.length,
    grantedYen,
    waitingCoupons: lines.length - app.length,
    waitingYen: sumYen(lines.map((line) => line.yen)) - grantedYen,
  };
}

function byPerson(lines: readonly CutoffLine[]): CutoffLine[][] {
  const persons: CutoffLine[][] = [];
  for (const line of lines) {
    const own = persons.at(-1);
    if (own?.[0]?.person === line.person) own.push(line);
    else persons.push([line]);
  }
  return persons;
}

/**
 * One grant for a person. Their contact is the first mobile number (else the first number) and the first mail address in
 * the order of inquiry numbers; the link goes by SMS when the first coupon has a mobile number, else by mail.
 */
function addGrant(
  { crypto }: Pick<Portal, 'crypto'>,
  grants: GrantRows,
  { grantId, at, yen, own }: { grantId: string; at: Date; yen: Yen; own: readonly CutoffLine[] },
): void {
  const contacts = own.map((line) => openLine(crypto, line));
  const recipientId = crypto.newId(at);
  const phones = contacts.flatMap((contact) => contact.phone ?? []);
  const phone = phones.find((each) => readPhone(each)?.kind === 'mobile') ?? phones[0] ?? null;
  const mail = contacts.find((contact) => contact.mail)?.mail ?? null;
  const first = contacts[0]?.phone ? readPhone(contacts[0].phone) : null;
  const number = own[0]?.person ?? '';
  grants.add({
    recipientId,
    contact: sealContact(crypto, recipientId, { name: null, kana: null, phone, mail }),
    grantId,
    number: `C-${number}`,
    inquiryNumber: number,
    yen,
    channel: first?.kind === 'mobile' ? 'sms' : 'mail',
    linkKeyId: crypto.linkKeyId,
    linkDigest: crypto.linkDigest(crypto.linkToken(grantId, 1)),
  });
}

function openLine(crypto: Portal['crypto'], line: CutoffLine): AppContact {
  const { coupon_id: id, contact_sealed, contact_key_id } = line;
  if (!contact_sealed || !contact_key_id) throw new Error(`coupon ${id} has no contact`);
  return openAppContact(crypto, { id, contact_sealed, contact_key_id });
}
