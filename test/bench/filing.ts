import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { makeCrypto } from '~/crypto.server';
import type { Contact } from '~/domain/contact';
import { tokenTexts } from '~/domain/search';
import { sealContact } from '~/services/parts/sealed-contact';
import type { MigratedDatabase } from '../support/server';
import { benchContact } from './contacts';
import { benchKeys } from './portal';

const AT_ONCE = 20_000;
/** Tokens of parts are the same for many people. */
const REMEMBERED = 2_000_000;

/** Files everybody of a programme under a name and an address of the bench, as the job would, in the order of ids. @returns how many */
export async function fileEverybody(database: MigratedDatabase): Promise<number> {
  const crypto = makeCrypto(benchKeys());
  const known = new Map<string, bigint>();
  const tokenOf = (field: string, text: string) => {
    const name = `${field} ${text}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const token = crypto.searchToken(field, text);
    if (known.size < REMEMBERED) known.set(name, token);
    return token;
  };
  const admin = new pg.Client(database.superuserUrl);
  await admin.connect();
  try {
    await admin.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'; drop index search_entries_tokens;
      truncate search_entries, search_batches`);
    let filed = 0;
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const { rows } = await admin.query<{ id: string; campaign_id: string }>(
        'select id, campaign_id from recipients where id > $1 order by id limit $2',
        [after, AT_ONCE],
      );
      const last = rows.at(-1);
      if (!last) break;
      const lines = rows.map(({ id, campaign_id }) => {
        const tokens = tokenTexts(benchContact(filed++)).map(({ field, text }) => tokenOf(field, text));
        return `${id}\t${campaign_id}\tbench\t{${tokens.join()}}\n`;
      });
      const stream = admin.query(copyFrom('copy search_entries (recipient_id, campaign_id, index_key_id, tokens) from stdin'));
      stream.end(lines.join(''));
      await once(stream, 'finish');
      after = last.id;
    }
    await admin.query('create index search_entries_tokens on search_entries using gin (tokens)');
    await admin.query('vacuum analyze search_entries');
    await admin.query('checkpoint');
    return filed;
  } finally {
    await admin.end();
  }
}

/** Seals the contacts of those whom a search will show, so that the hits can be opened like real ones. */
export async function sealFound(database: MigratedDatabase, found: readonly { recipientId: string; contact: Contact }[]): Promise<void> {
  const crypto = makeCrypto(benchKeys());
  const admin = new pg.Client(database.superuserUrl);
  await admin.connect();
  try {
    await admin.query('set session_replication_role = replica');
    for (const { recipientId, contact } of found) {
      const own = sealContact(crypto, recipientId, contact);
      await admin.query(
        `update recipients set contact_sealed = $2, contact_key_id = $3, index_key_id = $4, name_index = $5, kana_index = $6,
          phone_index = $7, mail_index = $8 where id = $1`,
        [
          recipientId,
          own.contact_sealed,
          own.contact_key_id,
          own.index_key_id,
          own.name_index,
          own.kana_index,
          own.phone_index,
          own.mail_index,
        ],
      );
    }
  } finally {
    await admin.end();
  }
}
