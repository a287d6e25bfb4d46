import {
  INDEXED_COLUMNS,
  type IndexedColumn,
  type KeyUse,
  listKeyUse,
  lockOldAddresses,
  lockOldIndexed,
  lockOldSealed,
  type ResealedRow,
  SEALED_COLUMNS,
  type SealedColumn,
  updateAddresses,
  updateIndexed,
  updateSealed,
} from '#db/sealed';
import { inTransaction } from '#db/transaction';
import { openCaller } from '../domain/case-contact';
import { openClaimDetails } from '../domain/claim-form';
import type { Portal } from '../portal';
import { sealCaller } from './parts/case-contact';
import { sealClaimDetails } from './parts/claim-details';
import { ADDRESS_PLACE, openAddressee, sealAddressee } from './parts/message-row';
import { openAppContact, openContact, sealAppContact, sealContact } from './parts/sealed-contact';

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

type Keys = Pick<Portal, 'crypto'>['crypto'];
type Sealing = (crypto: Keys, row: { id: string; sealed: Buffer; keyId: string }) => Readonly<Record<string, Buffer | string | null>>;

/** How each kind of person's text is opened and sealed anew, by its table. */
const ANEW: Readonly<Record<IndexedColumn['table'], Sealing>> = {
  recipients: (crypto, row) => ({ ...sealContact(crypto, row.id, openContact(crypto, contactOf(row))) }),
  coupons: (crypto, row) => ({ ...sealAppContact(crypto, row.id, openAppContact(crypto, contactOf(row))) }),
  claims: (crypto, { id, sealed, keyId }) =>
    sealClaimDetails(crypto, id, openClaimDetails(crypto, { id, detailsSealed: sealed, detailsKeyId: keyId })),
  cases: (crypto, row) => sealCaller(crypto, row.id, openCaller(crypto, contactOf(row))),
};

function contactOf({ id, sealed, keyId }: { id: string; sealed: Buffer; keyId: string }) {
  return { id, contact_sealed: sealed, contact_key_id: keyId };
}

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
  let finished = await rotation.walk(ADDRESS_PLACE, (after) => rotation.addresses(after));
  for (const where of INDEXED_COLUMNS) {
    const place = `${where.table}.${where.column}`;
    finished = (await rotation.walk(place, (after) => rotation.indexed(where, place, after))) && finished;
  }
  for (const where of SEALED_COLUMNS) {
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

  async indexed(where: IndexedColumn, place: string, after: string): Promise<Batch> {
    const { db, crypto } = this.portal;
    return inTransaction(db, async (trx) => {
      const current = { sealKeyId: crypto.currentKeyId, indexKeyId: crypto.indexKeyId };
      const { rows, lastId, passedOver } = await lockOldIndexed(trx, where, { ...current, after, limit: this.limit });
      const anew = rows.flatMap((row): ResealedRow[] => {
        const columns = this.tryOpen(place, row, () => ANEW[where.table](crypto, row));
        return columns ? [{ ...columns, id: row.id }] : [];
      });
      await updateIndexed(trx, where, anew);
      return { lastId, passedOver, resealed: anew.length };
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
