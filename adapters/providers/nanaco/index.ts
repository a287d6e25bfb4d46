import { defineGiftCodeProvider } from '../gift-code-api/define';
import { brand } from './brand';
import { CODE } from './wire';

export default defineGiftCodeProvider({
  id: 'nanaco',
  prefix: 'NANACO',
  productId: 'nanaco-gift',
  product: {
    codePattern: CODE,
    // The registration page takes the ID from the link. nanaco member menu, gift registration.
    linkFor: (code) => `https://www.nanaco-net.jp/pc/emServlet?gid=${code}`,
  },
  brand,
  stockFormat: 'gift_ids',
});
