import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database';
import { simulate } from './simulate';

it.each([1, 20230224])(
  '300 redemptions with mishaps and crashes lose no yen and pay none twice (seed %i)',
  async (seed) => {
    const database = await createTestDatabase();
    try {
      const result = await simulate({ redemptions: 300, seed, ...database });
      expect(result.findings).toEqual([]);
      expect(result).toMatchObject({ doubleIssues: 0, lostYen: 0n, stuck: 0 });
      // The run proves something only if things did go wrong in it.
      expect(result.crashes).toBeGreaterThan(10);
      expect(result.mishaps).toBeGreaterThan(50);
      expect(result.issued).toBeGreaterThan(100);
      expect(result.staffActs).toBeGreaterThan(5);
      expect(result.voided).toBeGreaterThan(0);
    } finally {
      await database.drop();
    }
  },
  240_000,
);
