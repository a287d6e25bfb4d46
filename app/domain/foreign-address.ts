/**
 * What a phone or a mail program makes a link of, in text as it will be read: full-width letters and dots count as the
 * plain ones. A bare telephone number is none, since it is dialled with or without `tel:`. Pure.
 */
const LETTER = String.raw`(?:[a-z0-9-]{1,63}|[\p{L}\p{N}])`;
/** Names at the end of a host in the scripts that our texts are written in; in others any letters after a dot are one. */
const OWN_SCRIPT_ENDS =
  'みんな|コム|テスト|アマゾン|クラウド|グーグル|ストア|セール|ファッション|ポイント|世界|中国|中國|中信|中文网|企业|佛山|信息|健康|八卦|公司|公益|台湾|台灣|商城|商店|商标|嘉里|嘉里大酒店|在线|大众汽车|大拿|天主教|娱乐|家電|广东|微博|慈善|我爱你|手机|招聘|政务|政府|新加坡|新闻|时尚|書籍|机构|测试|測試|淡马锡|游戏|澳門|点看|珠宝|移动|组织机构|网址|网店|网站|网络|联通|诺基亚|谷歌|購物|购物|通販|集团|電訊盈科|飞利浦|食品|餐厅|香格里拉|香港|亚马逊';
/** Ends that are read as such after the Japanese full stop too; other words may follow a sentence without a space. */
const COMMON_ENDS = 'com|net|org|info|biz|jp|co|io|me|xyz|top|site|shop|online|link|click|cn|tk|cc|ru';

const ADDRESSES = [
  String.raw`(?:[a-z][a-z0-9+.-]*:\/\/|www[.。]|mailto:)\S*`,
  // Words may stand beside it without a space.
  String.raw`(?:[a-z0-9._%+-]{1,64}|[\p{L}\p{N}])@(?:[a-z0-9.-]+|[\p{L}\p{N}.-]+)`,
  String.raw`(?<!\d)\d{1,3}(?:[.。]\d{1,3}){3}(?!\d)`,
  String.raw`${LETTER}\.(?:xn--[a-z0-9-]+|[a-z]{2,}(?![a-z0-9]))`,
  String.raw`${LETTER}\.(?:${OWN_SCRIPT_ENDS})(?![\p{L}\p{N}])`,
  String.raw`${LETTER}\.(?!\p{Script=Latin}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})\p{L}\p{L}`,
  `${LETTER}。(?:${COMMON_ENDS})(?![a-z0-9])`,
];
const ANY = new RegExp(ADDRESSES.join('|'), 'giu');
/** A number or a letter before an item, `1.Amazonギフト` or `Q.PayPayは`, reads like a host and is none. */
const ITEM = /^(?:\d{1,2}|[A-Z])\.[A-Z][A-Za-z]*[a-z]$/;
const COMMON = new RegExp(`\\.(?:${COMMON_ENDS})$`, 'i');

function isItem(text: string, from: number, to: number): boolean {
  const item = text.slice(from, to);
  return ITEM.test(item) && !COMMON.test(item) && /[\s(「『、]/.test(text[from - 1] ?? ' ') && !/[./:]/.test(text[to] ?? ' ');
}

/** A piece of a text; `isOurs`: it is filled in from what the office has set up, and answers for itself. */
export interface Piece {
  readonly text: string;
  readonly isOurs: boolean;
}

/** The first address that a text brings, be it only together with what is filled in beside it; null: there is none. */
export function foreignAddress(pieces: readonly Piece[]): string | null {
  let text = '';
  const ours: (readonly [from: number, to: number])[] = [];
  for (const piece of pieces) {
    const from = text.length;
    text += piece.text.normalize('NFKC');
    if (piece.isOurs) ours.push([from, text.length]);
  }
  // From letter to letter: an address of ours may be the beginning of another.
  for (let from = 0; ; ) {
    ANY.lastIndex = from;
    const found = ANY.exec(text);
    if (!found) return null;
    const end = found.index + found[0].length;
    const isOurs = ours.some(([first, last]) => first <= found.index && end <= last);
    if (!isOurs && !isItem(text, found.index, end)) return found[0];
    from = found.index + 1;
  }
}
