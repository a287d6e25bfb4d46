import type { BulkTrx } from '#db/bulk';

/** Rows that are written together; afterwards it can be filled anew. */
export interface Batch {
  write(bulk: BulkTrx): Promise<void>;
}

/** One batch is filled while the one before it is being written: sealing and the database work at the same time. */
export class TwoBatches<B extends Batch> {
  private filling: B;
  private resting: B;
  private rows = 0;
  private writing: Promise<void> = Promise.resolve();

  /** @param mostRows so many rows are written together */
  constructor(
    private readonly bulk: BulkTrx,
    private readonly mostRows: number,
    make: () => B,
  ) {
    this.filling = make();
    this.resting = make();
  }

  /** Puts one row into the batch that is being filled. Throws what became of an earlier batch. */
  async add(put: (batch: B) => void): Promise<void> {
    put(this.filling);
    this.rows += 1;
    if (this.rows >= this.mostRows) await this.flush();
  }

  /** Writes what is left and waits until all is written. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
  }

  /** Waits until nothing is being written any more, whatever became of it. */
  async settle(): Promise<void> {
    await this.writing.catch(() => {});
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (this.rows === 0) return;
    this.writing = this.filling.write(this.bulk);
    // Looked at with the next batch; until then a failure must not count as unhandled.
    this.writing.catch(() => {});
    this.rows = 0;
    [this.filling, this.resting] = [this.resting, this.filling];
  }
}
