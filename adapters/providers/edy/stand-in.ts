import { giftCodeStandIn } from '../gift-code-api/stand-in';
import { CLEAR, madeUp } from '../stand-in-kit';

/** Amounts and time to cancel are test data; codes are plainly none for real use. */
export default giftCodeStandIn({
  name: 'Edy Gift ID',
  amounts: { kind: 'fixed', faceValuesYen: [100, 500, 1000, 3000] },
  codeFor: (key, seed) => `TEST${madeUp(12, CLEAR, 'edy', seed, key)}`,
  urlFor: (code) => `https://edy.example/gift?id=${code}`,
  hasManagementNo: true,
  cancelWindowMs: 15 * 60_000,
});
