import type { Trx } from '#db/database';
import {
  type ContactTable,
  type KeyUse,
  listKeyUse,
  lockOldAddresses,
  lockOldContacts,
  lockOldSealed,
  type OldContact,
  type SealedColumn,
  updateAddresses,
  updateAppContacts,
  updateContacts,
  updateSealed,
} from '#db/sealed';
import { inTransaction } from '#db/transaction';
import type { Portal } from '../portal';
import { ADDRESS_PLACE, openAddressee, sealAddressee } from './parts/message-row';
import { APP_CONTACT_PLACE, CONTACT_PLACE, openAppContact, openContact, sealAppContact, sealContact } from './parts/sealed-contact';

export interface RotationResult {
  /** Rows that were sealed anew, by place. */
  readonly resealed: Readonly<Record<string, number>>;
  /** Rows that could not be opened; they are left as they are. Ids only. */
  readonly unreadable: readonly {
    readonly place: string;
    readonly id: string;
    readonly keyId: string;
    readonly why: 'key_missing' | 'damaged';
  }[];
  readonly unreadableCount: number;
  /** How many rows stand under which key, afterwards. */
  readonly use: readonly KeyUse[];
  /** False when the signal ended the work early, or rows were locked by others: running again goes on. */
  readonly finished: boolean;
}

/** Sealed texts without an index; their place is table and column. */
const SEALED: readonly SealedColumn[] = [
  { table: 'issuances', column: 'code', id: 'id' },
  { table: 'stock_codes', column: 'code', id: 'id' },
  { table: 'approvals', column: 'secret', id: 'id' },
  { table: 'staff', column: 'totp', id: 'id' },
  { table: 'outbox', column: 'content', id: 'message_id' },
  { table: 'text_tests', column: 'address', id: 'id' },
];
const NAMED_ROWS = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Seals everything that is sealed anew with the current keys, and indexes contacts and addresses anew. Works beside running
 * workers in small committed batches: a row that someone holds is passed over and taken in the next round.
 * It can be stopped anywhere; the next run finds what is left by its key id.
 */
export async function rotateKeys(
  portal: Pick<Portal, 'db' | 'crypto'>,
  options: { batchSize?: number; onProgress?: (done: { resealed: number }) => void; signal?: AbortSignal } = {},
): Promise<RotationResult> {
  const rotation = new Rotation(portal, options);
  let finished = await rotation.walk(CONTACT_PLACE, (after) => rotation.contacts(after));
  finished = (await rotation.walk(APP_CONTACT_PLACE, (after) => rotation.appContacts(after))) && finished;
  finished = (await rotation.walk(ADDRESS_PLACE, (after) => rotation.addresses(after))) && finished;
  for (const where of SEALED) {
    const place = `${where.table}.${where.column}`;
    finished = (await rotation.walk(place, (after) => rotation.sealed(where, place, after))) && finished;
  }
  const use = await listKeyUse(portal.db);
  return { ...rotation.report(), use, finished: finished && !options.signal?.aborted };
}

interface Batch {
  /** Where the next batch begins; null at the end. */
  readonly lastId: string | null;
  readonly resealed: number;
  readonly passedOver: number;
}

class Rotation {
  private readonly resealed: Record<string, number> = {};
  private readonly unreadable = new Map<string, RotationResult['unreadable'][number]>();
  private total = 0;

  constructor(
    private readonly portal: Pick<Portal, 'db' | 'crypto'>,
    private readonly options: { batchSize?: number; onProgress?: (done: { resealed: number }) => void; signal?: AbortSignal },
  ) {}

  report(): Pick<RotationResult, 'resealed' | 'unreadable' | 'unreadableCount'> {
    return {
      resealed: this.resealed,
      unreadable: [...this.unreadable.values()].slice(0, NAMED_ROWS),
      unreadableCount: this.unreadable.size,
    };
  }

  /** Goes through a place once in the order of ids. @returns whether nothing was passed over */
  async walk(place: string, next: (after: string) => Promise<Batch>): Promise<boolean> {
    this.resealed[place] = 0;
    let passedOver = 0;
    for (let after: string | null = FIRST_ID; after !== null; ) {
      if (this.options.signal?.aborted) return false;
      const batch: Batch = await next(after);
      after = batch.lastId;
      passedOver += batch.passedOver;
      this.resealed[place] += batch.resealed;
      this.total += batch.resealed;
      this.options.onProgress?.({ resealed: this.total });
    }
    return passedOver === 0;
  }

  async contacts(after: string): Promise<Batch> {
    const { crypto } = this.portal;
    return this.reseal('recipients', CONTACT_PLACE, after, {
      anew: (row) => sealContact(crypto, row.id, openContact(crypto, row)),
      write: updateContacts,
    });
  }

  async appContacts(after: string): Promise<Batch> {
    const { crypto } = this.portal;
    return this.reseal('coupons', APP_CONTACT_PLACE, after, {
      anew: (row) => sealAppContact(crypto, row.id, openAppContact(crypto, row)),
      write: updateAppContacts,
    });
  }

  private async reseal<Sealed>(
    table: ContactTable,
    place: string,
    after: string,
    { anew, write }: { anew: (row: OldContact) => Sealed; write: (trx: Trx, rows: (Sealed & { id: string })[]) => Promise<void> },
  ): Promise<Batch> {
    const { db, crypto } = this.portal;
    return inTransaction(db, async (trx) => {
      const current = { sealKeyId: crypto.currentKeyId, indexKeyId: crypto.indexKeyId };
      const { rows, lastId, passedOver } = await lockOldContacts(trx, table, { ...current, after, limit: this.limit });
      const sealed = rows.flatMap((row) => {
        const contact = this.tryOpen(place, { id: row.id, keyId: row.contact_key_id }, () => anew(row));
        return contact ? [{ id: row.id, ...contact }] : [];
      });
      await write(trx, sealed);
      return { lastId, passedOver, resealed: sealed.length };
    });
  }

  async addresses(after: string): Promise<Batch> {
    const { db, crypto } = this.portal;
    return inTransaction(db, async (trx) => {
      const current = { sealKeyId: crypto.currentKeyId, indexKeyId: crypto.indexKeyId };
      const { rows, lastId, passedOver } = await lockOldAddresses(trx, { ...current, after, limit: this.limit });
      const anew = rows.flatMap((row) => {
        const addressee = this.tryOpen(ADDRESS_PLACE, { id: row.id, keyId: row.address_key_id }, () => openAddressee(crypto, row));
        return addressee ? [{ id: row.id, ...sealAddressee(crypto, row.id, row.channel, addressee) }] : [];
      });
      await updateAddresses(trx, anew);
      return { lastId, passedOver, resealed: anew.length };
    });
  }

  async sealed(where: SealedColumn, place: string, after: string): Promise<Batch> {
    const { db, crypto } = this.portal;
    return inTransaction(db, async (trx) => {
      const { rows, lastId, passedOver } = await lockOldSealed(trx, where, { sealKeyId: crypto.currentKeyId, after, limit: this.limit });
      const anew = rows.flatMap((row) => {
        const text = this.tryOpen(place, row, () => crypto.open(place, row.id, row.sealed, row.keyId));
        return text === null ? [] : [{ id: row.id, ...crypto.seal(place, row.id, text) }];
      });
      await updateSealed(trx, where, anew);
      return { lastId, passedOver, resealed: anew.length };
    });
  }

  private get limit(): number {
    return this.options.batchSize ?? 500;
  }

  private tryOpen<T>(place: string, row: { id: string; keyId: string }, open: () => T): T | null {
    try {
      return open();
    } catch (error) {
      const why = error instanceof Error && error.message.endsWith('is not configured') ? 'key_missing' : 'damaged';
      this.unreadable.set(`${place}/${row.id}`, { place, id: row.id, keyId: row.keyId, why });
      return null;
    }
  }
}
