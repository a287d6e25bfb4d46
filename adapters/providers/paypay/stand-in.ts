import { giftCodeStandIn } from '../gift-code-api/stand-in';
import { DIGITS, madeUp } from '../stand-in-kit';

/** Amounts and time to cancel are test data; codes are plainly none for real use. */
export default giftCodeStandIn({
  name: 'PayPay Points',
  amounts: { kind: 'range', minYen: 1, maxYen: 100_000, stepYen: 1 },
  codeFor: (key, seed) => `0000${madeUp(12, DIGITS, 'paypay', seed, key)}`,
  urlFor: (code) => `https://paypay.example/charge/${code}`,
  hasManagementNo: false,
  cancelWindowMs: 15 * 60_000,
});
