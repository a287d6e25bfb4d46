import { describe, expect, it } from 'vitest';
import type { BulkTrx } from '#db/bulk';
import { TwoBatches } from '~/services/parts/two-batches';

const NOWHERE = {} as BulkTrx;

/** Numbers; each batch is written when the test lets it. */
function numbers(mostRows: number) {
  const written: number[][] = [];
  const waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const batches = new TwoBatches(NOWHERE, mostRows, () => {
    let rows: number[] = [];
    return {
      add: (row: number) => rows.push(row),
      write(): Promise<void> {
        written.push(rows);
        rows = [];
        return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
    };
  });
  return { written, waiting, add: (row: number) => batches.add((batch) => batch.add(row)), batches };
}

describe('two batches', () => {
  it('takes rows while the batch before is being written, and writes every row once and in order', async () => {
    const { written, waiting, add, batches } = numbers(2);
    for (const row of [1, 2, 3]) await add(row);
    expect(written).toEqual([[1, 2]]);
    const full = add(4);
    waiting[0]?.resolve();
    await full;
    await add(5);
    const finished = batches.finish();
    waiting[1]?.resolve();
    await expect.poll(() => waiting.length).toBe(3);
    waiting[2]?.resolve();
    await finished;
    expect(written).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('tells of a batch that could not be written before it writes another one', async () => {
    const { written, waiting, add, batches } = numbers(1);
    await add(1);
    waiting[0]?.reject(new Error('the disk is full'));
    await expect(add(2)).rejects.toThrow('the disk is full');
    await expect(batches.finish()).rejects.toThrow('the disk is full');
    await expect(batches.settle()).resolves.toBeUndefined();
    expect(written).toEqual([[1]]);
  });
});
