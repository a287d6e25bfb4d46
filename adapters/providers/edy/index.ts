import { defineGiftCodeProvider } from '../gift-code-api/define';
import { brand } from './brand';
import { CODE } from './wire';

export default defineGiftCodeProvider({
  id: 'edy',
  prefix: 'EDY',
  productId: 'edy-gift-id',
  product: {
    codePattern: CODE,
  },
  brand,
  stockFormat: 'gift_ids',
});
