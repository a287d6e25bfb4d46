import { defineGiftCodeProvider } from '../gift-code-api/define';
import { brand } from './brand';
import { CODE } from './wire';

export default defineGiftCodeProvider({
  id: 'paypay',
  prefix: 'PAYPAY',
  productId: 'paypay-point-code',
  product: {
    codePattern: CODE,
  },
  brand,
  stockFormat: 'charge_codes',
});
