import { type RawBuilder, sql } from 'kysely';
import { readArrived } from '../domain/message-check';
import type { Portal } from '../portal';

/** A message as the phone or the mail program would show it. */
export interface OutboxMessage {
  readonly id: string;
  readonly at: Date;
  readonly kind: 'mail' | 'sms';
  readonly to: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly language: 'ja' | 'en';
  readonly purpose: string;
  readonly subject: string | null;
  readonly text: string;
  /** It came back: nobody has read it. */
  readonly returned: boolean;
}

interface Row {
  readonly id: string;
  readonly sealed: Buffer;
  readonly keyId: string;
  readonly at: Date;
}

/**
 * A page of what the demo's channel kept, newest first, and how many there are. It holds links: only a rehearsal's page
 * may show it. `search` is an address, a telephone number or a grant number; empty: everything.
 */
export async function listOutbox(
  portal: Pick<Portal, 'db' | 'crypto'>,
  { search, page, size }: { search: string; page: number; size: number },
): Promise<{ readonly messages: readonly OutboxMessage[]; readonly total: number }> {
  const { db, crypto } = portal;
  const found =
    search === ''
      ? sql`true`
      : sql`(o.message_id in (select m.id from messages m where ${whose(portal, search)}) or o.message_id in (
          select x.id from claim_mails x join claims c on c.id = x.claim_id where ${whoseClaim(portal, search)}))`;
  const { rows: counts } = await sql<{ n: number }>`select count(*)::int as n from outbox o where ${found}`.execute(db);
  const { rows } = await sql<Row>`
    select o.message_id as id, o.content_sealed as sealed, o.content_key_id as "keyId", o.at from outbox o
      where ${found} order by o.at desc, o.message_id desc limit ${size} offset ${(page - 1) * size}`.execute(db);
  const open = ({ id, sealed, keyId, at }: Row): OutboxMessage => ({
    returned: false,
    ...(JSON.parse(crypto.open('outbox.content', id, sealed, keyId)) as Omit<OutboxMessage, 'at' | 'returned'>),
    at,
  });
  return { messages: rows.map(open), total: counts[0]?.n ?? 0 };
}

function whoseClaim({ crypto }: Pick<Portal, 'crypto'>, search: string): RawBuilder<unknown> {
  const arrived = readArrived(search);
  if (arrived?.kind === 'mail') return sql`c.mail_index = any(${crypto.indexAll('mail', arrived.value)}::bytea[])`;
  return sql`c.number = ${search.normalize('NFKC').replaceAll('-', '').trim()}`;
}

function whose({ crypto }: Pick<Portal, 'crypto'>, search: string): RawBuilder<unknown> {
  const arrived = readArrived(search);
  if (arrived) return sql`m.address_digest = any(${crypto.indexAll(arrived.kind, arrived.value)}::bytea[])`;
  return sql`m.grant_id in (select g.id from grants g where upper(g.number) = ${search.normalize('NFKC').trim().toUpperCase()})`;
}
