import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { proveWave } from './waves';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a wave whose workers are killed, through servers that drop and stall', () => {
  it('reaches everybody once or lists them with the reason, and nobody twice, by the receiving servers’ own count', {
    timeout: 240_000,
  }, async () => {
    const proof = await proveWave({ people: 300, kills: 6, seed: 20_230_410, database });
    expect(proof.crashes).toBeGreaterThan(0);
    expect(proof.kills).toBeGreaterThanOrEqual(6);
    expect(proof.killedAt).toBeGreaterThan(3);
    expect(proof.pauses).toBeGreaterThan(0);
    expect(proof.callbacks).toBeGreaterThan(100);
    expect(proof).toMatchObject({ gotMore: 0, lost: 0, open: 0, sentWhileHeld: 0 });
    expect(proof.gotOne).toBeGreaterThan(200);
    expect(proof.gotOne + proof.nowhere + proof.mayHave).toBe(300);
  });
});
