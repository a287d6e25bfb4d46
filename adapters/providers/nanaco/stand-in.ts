import { giftCodeStandIn } from '../gift-code-api/stand-in';
import { CLEAR, madeUp } from '../stand-in-kit';

/** Amounts and time to cancel are test data; codes are plainly none for real use. */
export default giftCodeStandIn({
  name: 'nanaco Gift',
  amounts: { kind: 'range', minYen: 1, maxYen: 50_000, stepYen: 1 },
  codeFor: (key, seed) => `TEST${madeUp(12, CLEAR, 'nanaco', seed, key)}`,
  hasManagementNo: true,
  cancelWindowMs: 15 * 60_000,
});
