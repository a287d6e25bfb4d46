import { defineGiftCodeProvider } from '../gift-code-api/define';
import { brand } from './brand';
import { CODE } from './wire';

export default defineGiftCodeProvider({
  id: 'ponta',
  prefix: 'PONTA',
  productId: 'ponta-point-code',
  product: {
    codePattern: CODE,
  },
  brand,
  stockFormat: 'gift_ids',
});
